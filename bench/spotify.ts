import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

type Environment = Record<string, string>

/** A login on disk at the stand-in for Spotify, and environments: all that a measured process gets to see. */
export interface LoggedIn {
  env: Environment
  accessToken: string
  renewing: Environment
  manyProfiles: Environment
  nobody: Environment
  /** The Web API behind TLS; undefined where no certificate could be made. */
  https?: Environment
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
