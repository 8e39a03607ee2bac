/** What every queue in these benchmarks can do. To add a peer, write one more of these and name it in contestants.ts. */
export type Contestant = {
  name: string
  store: 'postgresql' | 'redis'
  /** Makes tables and whatever else comes before the first job. */
  prepare(url: string): Promise<void>
  /** @param jobs how many it will be asked for at most: one whose jobs belong to rows of another table makes those rows here */
  openProducer(url: string, jobs: number): Promise<Producer>
  openCounter(url: string): Promise<Counter>
  /** Called in a process of its own. Connects, and takes jobs from `start` on. */
  openWorker(options: WorkerOptions): Promise<Worker>
}

export type Producer = {
  /** Puts in one job, as a program would, with the wake-up that comes with it. Resolves to the key its handler will be given. */
  enqueue(): Promise<string>
  /** Puts in many by one call of the product's bulk insert. */
  enqueueBatch(count: number): Promise<void>
  close(): Promise<void>
}

/** Looks into the contestant's own tables: what they say counts, not what its API said. */
export type Counter = {
  unfinished(): Promise<number>
  /** Null where finished jobs are deleted. */
  finished(): Promise<number | null>
  close(): Promise<void>
}

/**
 * `batch`: whatever else drains fastest, with this many jobs fetched at a time where that can be chosen. `concurrency`: this many jobs at
 * once, and all else by default.
 */
export type Pace = { batch: number } | { concurrency: number }

export type WorkerOptions = {
  url: string
  pace: Pace
  /** When a worker without a sign of life loses its jobs, for those that have such a setting. */
  timeoutMs: number
  handle: (key: string) => void | Promise<void>
}

export type Worker = { start(): Promise<void>; stop(): Promise<void> }
