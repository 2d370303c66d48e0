const day = { day: 'numeric', month: 'long' } as const
const shortDay = { day: 'numeric', month: 'short' } as const
const time = { hour: '2-digit', minute: '2-digit' } as const

/** The minute by which something will have come, as people read it where they are: `26 November at 22:14`. */
export function momentOf(ms: number): string {
  const [onDay, atTime] = [day, time].map((form) =>
    new Intl.DateTimeFormat('en-GB', form).format(Math.ceil(ms / 60_000) * 60_000),
  )
  return `${onDay} at ${atTime}`
}

/** When something was, for a table: `26 Nov, 22:14`; empty for what is no moment. */
export function pastMoment(text: string): string {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? '' : new Intl.DateTimeFormat('en-GB', { ...shortDay, ...time }).format(ms)
}
