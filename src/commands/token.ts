import type { Command } from '../command-line/command.ts'
import { wholeNumber } from '../command-line/flags.ts'
import type { Context } from '../context.ts'
import { printableJson } from '../untrusted/sanitize.ts'

interface TokenOptions {
  header?: boolean
  json?: boolean
  refresh?: boolean
  minTtl?: number
}

export const tokenCommand: Command<TokenOptions> = {
  name: 'token',
  summary: 'print a valid access token',
  details: 'Refreshes the token first when it has less than --min-ttl seconds left.',
  flags: {
    header: { describe: 'print it as an Authorization header' },
    refresh: { describe: 'refresh it even when it is still valid' },
    'min-ttl': {
      value: 'SECONDS',
      describe: 'how long it must stay valid (default: 60)',
      parse: wholeNumber(0, 3000),
    },
  },
  examples: [
    ['curl -H "$(spotify-auth token --header)" https://api.spotify.com/v1/me', 'any request of the Web API'],
    ['spotify-auth token --json | jq .expires_in', 'how many seconds are left'],
  ],
  run: token,
}

async function token(context: Context, options: TokenOptions): Promise<void> {
  const { credentials } = context
  const { accessToken, expiresAtMs, scopes } = options.refresh
    ? await credentials.refresh()
    : await credentials.getValid({ minTtlSeconds: options.minTtl })
  if (options.json) {
    const fields = {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: Math.max(0, Math.floor((expiresAtMs - context.now()) / 1000)),
      expires_at: Math.floor(expiresAtMs / 1000),
      scope: scopes.join(' '),
    }
    context.stdout.write(`${printableJson(fields)}\n`)
  } else {
    context.stdout.write(options.header ? `Authorization: Bearer ${accessToken}\n` : `${accessToken}\n`)
  }
}
