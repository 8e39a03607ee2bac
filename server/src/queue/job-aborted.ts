/** Why work on a job was broken off. `shutdown`: hand the job back. `lost`: it is somebody else's by now, or canceled; touch nothing. */
export class JobAborted extends Error {
  override name = 'JobAborted'
  readonly reason: 'shutdown' | 'lost'

  constructor(reason: 'shutdown' | 'lost') {
    super(reason === 'shutdown' ? 'The worker is stopping.' : 'The worker no longer holds the job.')
    this.reason = reason
  }
}

/** Whether a signal says that the job is not the worker's any more. */
export const isLost = (signal: AbortSignal) => signal.reason instanceof JobAborted && signal.reason.reason === 'lost'
