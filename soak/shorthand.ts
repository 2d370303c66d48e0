/** Enough of a token of the stand-in to tell it from another. */
export function shortened(token: string): string {
  return `${token.slice(0, 6)}…`
}

/** The time of day in UTC, to the millisecond. */
export function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23)
}
