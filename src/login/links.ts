import { randomBytes } from 'node:crypto'
import { type CommandLine, SpotifyAuthError } from '../errors.ts'
import type { Links } from './callback-request.ts'
import type { Answer } from './callback-server.ts'

/** The links of one login that lead from the listener to Spotify. */
export interface WaysOut {
  paths: Links
  /** The response to a request for that link. */
  answer(link: keyof Links): Answer
  /** Whether the link that the browser is started with has been requested. */
  isOpened(): boolean
  /** Rejects with `login_failed` when that link is requested a second time. */
  openedTwice: Promise<never>
}

/**
 * Makes links that lead to the authorize URL. Every user of the computer can read the one that the browser is started
 * with in the list of processes. So it works once: when it is requested again, nobody knows who came first.
 */
export function openWays(authorizeUrl: string, commandLine: CommandLine): WaysOut {
  let isOpened = false
  let reject: (error: SpotifyAuthError) => void
  const openedTwice = new Promise<never>((_, fail) => {
    reject = fail
  })
  return {
    paths: { shown: randomPath(), opened: randomPath() },
    answer(link) {
      if (link === 'opened' && isOpened) {
        reject(twice(commandLine))
        return { status: 410 }
      }
      if (link === 'opened') isOpened = true
      return { location: authorizeUrl }
    },
    isOpened: () => isOpened,
    openedTwice,
  }
}

function randomPath(): string {
  return `/${randomBytes(16).toString('base64url')}`
}

function twice(commandLine: CommandLine): SpotifyAuthError {
  return new SpotifyAuthError(
    'login_failed',
    'The link that your browser was started with was opened twice. Somebody else on this computer may have opened it, to log you in as somebody else; so this login has ended, and nothing was changed.',
    { hint: `Run it again, and open the link that it shows yourself: ${commandLine('login --no-browser')}` },
  )
}
