import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from '../errors.ts'
import type { HttpResponse } from '../network/http.ts'

const waitMs = 1_000

/** Sends a request once more after a second when Spotify failed or no response arrived; for requests that change nothing. */
export async function withRetry(send: () => Promise<HttpResponse>): Promise<HttpResponse> {
  try {
    const response = await send()
    if (response.status < 500) return response
  } catch (error) {
    if (codeOf(error) !== 'network') throw error
  }
  await sleep(waitMs)
  return send()
}
