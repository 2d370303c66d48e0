import type { Listening } from '../stand-in-player.ts'

/** A request to the Web API that has been let in. */
export interface Call {
  method: string
  path: string
  query: URLSearchParams
  body: string
  /** Where the request came to, such as `http://127.0.0.1:49152`: links that the client is to follow lead there. */
  origin: string
  /** Whose access token came with it. */
  accountId: string
  /** What the account hears, which a route may change. */
  listening: Listening
}

export interface Answer {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

/** How one route is answered; it may throw a `Refusal`. */
export type Route = (call: Call) => Answer

/** An error in Spotify's own words. */
export class Refusal extends Error {
  readonly answer: Answer

  constructor(status: number, message: string, reason?: string, headers?: Record<string, string>) {
    super(message)
    this.answer = { status, body: { error: { status, message, reason } }, headers }
  }
}

export function ok(body: unknown): Answer {
  return { status: 200, body }
}
