import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A login on disk at the stand-in for Spotify. */
export interface LoggedIn {
  /** All that a measured process gets to see. */
  env: Record<string, string>
  accessToken: string
}

/** Starts the stand-in in a process of its own, with a login; `stop` leaves nothing of them. */
export async function startSpotify(): Promise<LoggedIn & { stop(): Promise<void> }> {
  const child = fork(fileURLToPath(new URL('spotify-process.ts', import.meta.url)))
  const exited = once(child, 'exit')
  const [loggedIn] = await Promise.race([
    once(child, 'message'),
    exited.then(() => Promise.reject(new Error('The stand-in for Spotify did not start'))),
  ])
  return {
    ...(loggedIn as LoggedIn),
    async stop() {
      child.disconnect()
      await exited
    },
  }
}
