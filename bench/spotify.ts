import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

type Environment = Record<string, string>

/** Environments for the measured processes: each leads to a home and to the stand-in for Spotify. */
export interface LoggedIn {
  /** A home with one login, whose access token stays the same. */
  env: Environment
  accessToken: string
  /** A home of its own for a command that changes the login. */
  refreshing: Environment
  /** A home with a thousand logins. */
  manyProfiles: Environment
  /** A home without a login. */
  nobody: Environment
  /** The same by HTTPS, in a home of its own; undefined where no certificate could be made. */
  https?: { env: Environment; accessToken: string }
}

/** Starts the stand-in in a process of its own and makes the homes; `stop` leaves nothing of them. */
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
