/** A value, or a change of the current one. */
export interface RelativeValue {
  /** 0 for a plain value. */
  sign: -1 | 0 | 1
  value: number
}

/** Reads `+10`, `-10` or a plain value. */
export function readRelativeValue(text: string, read: (text: string) => number): RelativeValue {
  if (text.startsWith('+')) return { sign: 1, value: read(text.slice(1)) }
  return text.startsWith('-') ? { sign: -1, value: read(text.slice(1)) } : { sign: 0, value: read(text) }
}
