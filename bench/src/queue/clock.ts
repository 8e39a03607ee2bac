/** Milliseconds that processes of one machine can compare, finer than Date.now(). */
export function clock(): number {
  return performance.timeOrigin + performance.now()
}
