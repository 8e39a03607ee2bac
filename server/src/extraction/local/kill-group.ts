/**
 * Kills a child process that was started detached, with all that it has started, and does nothing when none of them is left.
 * Windows has no groups: what a child has started ends there with the picture it is at.
 */
export const killGroup = (pid: number): void => {
  if (pid <= 0 || process.platform === 'win32') return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It leads no group, or all of it is gone.
  }
}
