import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { clock } from '../terminal/clock.ts'
import { counted } from '../terminal/counted.ts'

interface Wait {
  redirectUri: string
  /** As it must be registered: without a port where any free one is taken. */
  registeredUri: string
  timeoutSeconds: number
  canPaste: boolean
}

/**
 * Waits for the callback with a line that counts down in a terminal.
 * Throws `login_timeout`, or what a signal says.
 */
export async function waitForCallback<T>(
  { signal, stderr, now }: Pick<Context, 'signal' | 'stderr' | 'now'>,
  callback: Promise<T>,
  wait: Wait,
): Promise<T> {
  const { redirectUri, timeoutSeconds } = wait
  const endMs = now() + timeoutSeconds * 1000
  const tell = () => {
    const ways = wait.canPaste ? 'paste here, or Ctrl-C to stop' : 'Ctrl-C to stop'
    const line = `Waiting ${clock(Math.ceil((endMs - now()) / 1000) * 1000)} (${ways}) for ${redirectUri}`
    stderr.write(`\r\u001b[K${line.slice(0, stderr.columns - 1)}`)
  }
  let ticking: NodeJS.Timeout | undefined
  if (stderr.isTerminal) {
    tell()
    ticking = setInterval(tell, 1000)
  } else {
    stderr.write(`Waiting for ${redirectUri} (${counted(timeoutSeconds, 'second')})\n`)
  }
  let deadline: NodeJS.Timeout | undefined
  const ended = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    deadline = setTimeout(() => reject(timedOut(wait)), timeoutSeconds * 1000)
  })
  try {
    return await Promise.race([callback, ended])
  } finally {
    clearTimeout(deadline)
    clearInterval(ticking)
    if (ticking) stderr.write('\r\u001b[K')
  }
}

/** Two mistakes in the dashboard end on Spotify's own page and never reach the callback: name both. */
function timedOut({ registeredUri, timeoutSeconds }: Wait): SpotifyAuthError {
  return new SpotifyAuthError('login_timeout', `Nobody came back from Spotify within ${timeoutSeconds} s.`, {
    hint: `If Spotify's page said "redirect_uri: Not matching configuration" or "INVALID_CLIENT: Insecure redirect URI", register exactly ${registeredUri} with your app in https://developer.spotify.com/dashboard. If it said "INVALID_CLIENT: Invalid client", the client id is not the app's.`,
  })
}
