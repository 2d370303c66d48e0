import { randomBytes } from 'node:crypto'
import { SpotifyAuthError } from '../errors.ts'
import type { Links } from './callback-request.ts'
import type { Answer } from './callback-server.ts'

/** The ways of one login from the listener to Spotify. */
export interface WaysOut {
  paths: Links
  /** The answer to somebody who came by that link. */
  answer(link: keyof Links): Answer
  /** Whether somebody came by the link that the browser is started with. */
  isOpened(): boolean
  /** Rejects with `login_failed` when a second one comes by it. */
  openedTwice: Promise<never>
}

/**
 * Links that lead to the authorize URL. The one that the browser is started with stands in the list of processes, for
 * every user of the computer to read: so it works once, and when it is asked for again nobody knows who came first.
 */
export function openWays(authorizeUrl: string, commandLine: (words: string) => string): WaysOut {
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

function twice(commandLine: (words: string) => string): SpotifyAuthError {
  return new SpotifyAuthError(
    'login_failed',
    'The link that your browser was started with was opened twice. Somebody else on this computer may have opened it, to log you in as somebody else; so this login has ended, and nothing was changed.',
    { hint: `Run it again, and open the link that it shows yourself: ${commandLine('login --no-browser')}` },
  )
}
