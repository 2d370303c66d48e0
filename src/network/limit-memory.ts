/** For how long something is not to be asked again, and since when. */
export interface Limit {
  setAtMs: number
  forMs: number
}

/** The longest that Spotify has been seen to ask for; more is a mistake that must not lock anybody out. */
export const longestLimitMs = 86_400_000

/** Where limits are kept, by name; a `Map` will do. */
export interface LimitMemory {
  keys(): Iterable<string>
  get(name: string): Limit | undefined
  set(name: string, limit: Limit): unknown
  delete(name: string): unknown
}

/**
 * How long a limit still holds: never longer than it was given, whatever happens to the clock, so one that seems to
 * come from the future does not hold.
 */
export function leftOf(limit: Limit | undefined, nowMs: number): number {
  if (!limit || limit.setAtMs > nowMs) return 0
  return Math.max(0, limit.setAtMs + limit.forMs - nowMs)
}

/** The pause after one more failure: twice as long as the one before, if there was one. */
export function nextPause(
  before: Limit | undefined,
  setAtMs: number,
  firstMs: number,
  longestMs: number,
): Limit {
  return { setAtMs, forMs: before ? Math.min(2 * before.forMs, longestMs) : firstMs }
}
