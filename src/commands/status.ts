import { type Context, commandLine } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { authorizationEndsAtMs, type Credential, dayMs } from '../session/credential.ts'
import { credentialFile, listProfiles, type Place } from '../session/credential-store.ts'
import { isFresh, requireCredential } from '../session/session.ts'
import { counted } from '../terminal/counted.ts'
import { printableJson } from '../terminal/sanitize.ts'
import { openStyle } from '../terminal/style.ts'
import { currentUser } from '../web-api/profile.ts'
import { type Command, jsonFlag } from './command.ts'
import { asWhom, dayOf, describeLogin, describeLoginAsJson, loginFields } from './describe-login.ts'

interface StatusOptions {
  check?: boolean
  within?: number
  all?: boolean
  json?: boolean
}

export const statusCommand: Command<StatusOptions> = {
  name: 'status',
  summary: 'print who is logged in, and until when',
  details: 'Looks at the stored login only; exits 4 when there is none.',
  flags: {
    check: { describe: 'ask Spotify whether it still accepts the login' },
    within: {
      value: 'DAYS',
      describe: 'exit 4 when the login ends within so many days, such as 14d',
      parse: days,
    },
    all: { describe: 'of every profile' },
    ...jsonFlag,
  },
  examples: [
    ['spotify-auth status', 'the stored login'],
    ['spotify-auth status --check --within 14d', 'for cron: fails when it is time to log in again'],
    ['spotify-auth status --all', 'every profile'],
  ],
  run: status,
}

async function status(context: Context, options: StatusOptions): Promise<void> {
  if (options.all) return statusOfAll(context, options)
  requireCredential(context)
  if (options.check) await currentUser(context)
  const credential = requireCredential(context)
  const text = options.json
    ? describeLoginAsJson(context, credential)
    : await describeForPeople(context, credential, options)
  context.stdout.write(`${text}\n`)
  const endsAtMs = authorizationEndsAtMs(credential)
  if (options.within !== undefined && endsAtMs - context.now() < options.within * dayMs) {
    throw new SpotifyAuthError('login_expired', `Your login ends on ${dayOf(endsAtMs)}.`, {
      hint: `Renew it: ${commandLine(context, 'login')}`,
    })
  }
}

async function statusOfAll(context: Context, options: StatusOptions): Promise<void> {
  const { home, stderr, stdout } = context
  const places = listProfiles(context).map((profile) => ({ home, profile, stderr }))
  if (places.length === 0) requireCredential(context)
  const logins = places.map((place) => ({ place, ...lookAt(place) }))
  if (options.json) {
    const list = logins.map(({ place, credential, problem }) =>
      credential ? loginFields(place, credential) : { profile: place.profile, error: problem },
    )
    stdout.write(`${printableJson(list)}\n`)
    return
  }
  const width = Math.max(...places.map(({ profile }) => profile.length))
  for (const { place, credential, problem } of logins) {
    stdout.write(
      `${place.profile.padEnd(width)}  ${credential ? describeLogin(credential) : problem?.message}\n`,
    )
  }
}

function lookAt(place: Place): { credential?: Credential; problem?: { code: string; message: string } } {
  try {
    return { credential: requireCredential(place) }
  } catch (error) {
    if (!(error instanceof SpotifyAuthError)) throw error
    return { problem: { code: error.code, message: error.message } }
  }
}

function days(text: string, flag: string): number {
  const match = /^(\d{1,3})d?$/.exec(text)
  if (match) return Number(match[1])
  throw new SpotifyAuthError('usage', `--${flag} takes a number of days, such as 14d.`)
}

async function describeForPeople(
  context: Context,
  credential: Credential,
  { check }: StatusOptions,
): Promise<string> {
  const style = await openStyle(context)
  const now = context.now()
  const endsAtMs = authorizationEndsAtMs(credential)
  const minutes = Math.floor((credential.expiresAtMs - now) / 60_000)
  const rows = [
    ['Profile', context.profile],
    ['Scopes', credential.scope.join(' ') || 'none'],
    [
      'Access token',
      isFresh(credential, now, 60)
        ? `valid for ${minutes} min, then renewed by itself`
        : 'renewed when it is next needed',
    ],
    ['Login', `ends ${dayOf(endsAtMs)}, in ${counted(Math.ceil((endsAtMs - now) / dayMs), 'day')}`],
    ['File', credentialFile(context)],
    ...(check ? [['Checked', 'Spotify accepts it']] : []),
  ]
  const table = rows.map(([name = '', value]) => `  ${style.dim(name.padEnd(13))} ${value}`)
  return [`${style.green('✓')} Logged in${style.bold(asWhom(credential))}`, ...table].join('\n')
}
