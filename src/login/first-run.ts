import type { Context } from '../context.ts'
import { Interrupted, SpotifyAuthError } from '../errors.ts'
import { canAsk, prompt } from '../terminal/prompt.ts'

const dashboard = 'https://developer.spotify.com/dashboard'

function steps(redirectUri: string): string[] {
  return [
    `With a Premium account, create an app at\n   ${dashboard}`,
    `As redirect URI enter exactly\n   ${redirectUri}`,
    'As API choose "Web API", save, and copy the Client ID.',
  ]
}

/**
 * Guides somebody without an app to one, and asks for its client id.
 * Throws `config` with the same guidance where nobody can be asked.
 */
export async function askForClientId(
  terminal: Pick<Context, 'stdin' | 'stderr'>,
  redirectUri: string,
): Promise<string> {
  const numbered = steps(redirectUri).map((step, index) => `${index + 1}. ${step}`)
  if (!canAsk(terminal)) {
    throw new SpotifyAuthError('config', 'No client id: spotify-auth logs in through an app of your own.', {
      hint: [...numbered, '4. Run: spotify-auth login --client-id ID (or set SPOTIFY_CLIENT_ID)'].join('\n'),
    })
  }
  const { text } = await import('@clack/prompts')
  const { stderr } = terminal
  stderr.write(`spotify-auth logs in through an app of your own. It takes two minutes, once:\n\n`)
  stderr.write(`${numbered.join('\n')}\n\n`)
  const answer = await prompt(terminal, (shown) =>
    text({ message: 'Client ID', validate: complain, ...shown }),
  )
  if (answer === undefined) throw new Interrupted('SIGINT')
  return answer.trim()
}

function complain(answer: string | undefined): string | undefined {
  const looksRight = /^[0-9a-f]{32}$/i.test(answer?.trim() ?? '')
  return looksRight ? undefined : 'A client ID has 32 characters, 0 to 9 and a to f.'
}
