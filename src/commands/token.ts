import type { Context } from '../context.ts'
import { openSession, renewSession } from '../session/session.ts'
import { type Command, jsonFlag, wholeNumber } from './command.ts'

interface TokenOptions {
  header?: boolean
  json?: boolean
  refresh?: boolean
  minTtl?: number
}

export const tokenCommand: Command<TokenOptions> = {
  name: 'token',
  summary: 'print a valid access token',
  details: 'Renews the token first when it has less than --min-ttl seconds left.',
  flags: {
    header: { describe: 'print it as an Authorization header' },
    ...jsonFlag,
    refresh: { describe: 'renew it even when it is still valid' },
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
  const { accessToken, expiresAtMs, scope } = options.refresh
    ? await renewSession(context)
    : await openSession(context, { minTtlSeconds: options.minTtl })
  if (options.json) {
    const answer = {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: Math.max(0, Math.floor((expiresAtMs - context.now()) / 1000)),
      expires_at: Math.floor(expiresAtMs / 1000),
      scope: scope.join(' '),
    }
    context.stdout.write(`${JSON.stringify(answer)}\n`)
  } else {
    context.stdout.write(options.header ? `Authorization: Bearer ${accessToken}\n` : `${accessToken}\n`)
  }
}
