import { Refusal } from './api-route.ts'

/** A whole number from `least` to `most` in a query; anything else is refused, and so is none without a `usual` one. */
export function readWhole(
  query: URLSearchParams,
  name: string,
  { least = 0, most = Number.MAX_SAFE_INTEGER, usual }: { least?: number; most?: number; usual?: number },
): number {
  const text = query.get(name) ?? String(usual)
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most) throw new Refusal(400, `Invalid ${name}`)
  return value
}

/** One of these words in a query; anything else is refused. */
export function readOneOf(query: URLSearchParams, name: string, words: string[]): string {
  const text = query.get(name) ?? ''
  if (!words.includes(text)) throw new Refusal(400, `Invalid ${name}`)
  return text
}
