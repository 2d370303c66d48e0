import type { Command } from '../command-line/command.ts'
import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { authorizationEndsAtMs, type Credential, dayMs, isFresh } from '../session/credential.ts'
import { dotfilePath, listProfiles } from '../session/dotfile.ts'
import { findKept } from '../session/dotfile-kept.ts'
import { dotfileStorage } from '../session/dotfile-storage.ts'
import { isFingerprint } from '../session/fingerprint.ts'
import { requireLogin } from '../session/require-login.ts'
import type { ProfileLocation } from '../settings/environment.ts'
import { counted } from '../terminal/counted.ts'
import { openStyle } from '../terminal/style.ts'
import { printableJson, sanitize } from '../untrusted/sanitize.ts'
import { getCurrentUser } from '../web-api/profile.ts'
import { closedFields, describeClosed } from './describe-closed.ts'
import { asWhom, dayOf, describeLogin, loginFields } from './describe-login.ts'

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
  await requireStored(context, context)
  if (options.check) await getCurrentUser(context)
  const credential = await requireStored(context, context)
  const text = options.json
    ? printableJson(allFields(context, context, credential))
    : await describeForPeople(context, credential, options)
  context.stdout.write(`${text}\n`)
  const endsAtMs = authorizationEndsAtMs(credential)
  if (options.within !== undefined && endsAtMs - context.now() < options.within * dayMs) {
    throw new SpotifyAuthError('login_expired', `Your login ends on ${dayOf(endsAtMs)}.`, {
      hint: `Renew it: ${context.commandLine('login')}`,
    })
  }
}

async function statusOfAll(context: Context, options: StatusOptions): Promise<void> {
  const { home, stdout } = context
  const places = listProfiles(context).map((profile) => ({ home, profile }))
  if (places.length === 0) await requireStored(context, context)
  const logins = await Promise.all(
    places.map(async (place) => ({ place, ...(await lookAt(context, place)) })),
  )
  if (options.json) {
    const list = logins.map(({ place, credential, problem }) =>
      credential ? allFields(context, place, credential) : { profile: place.profile, error: problem },
    )
    stdout.write(`${printableJson(list)}\n`)
    return
  }
  const width = Math.max(...places.map(({ profile }) => profile.length))
  for (const { place, credential, problem } of logins) {
    const closed = credential ? describeClosed(context, credential) : []
    const lines = [
      credential ? describeLogin(credential) : problem?.message,
      ...closed.map((line) => `Closed: ${line}`),
    ]
    for (const [index, line] of lines.entries()) {
      stdout.write(`${(index === 0 ? place.profile : '').padEnd(width)}  ${line}\n`)
    }
  }
}

/** A login as scripts read it, with what is closed for its app. */
function allFields(context: Context, place: ProfileLocation, credential: Credential) {
  return { ...loginFields(place, credential), closed: closedFields(context, credential) }
}

/** Reads the stored login of a profile; throws `login_required` or `login_expired`. */
async function requireStored(
  { stderr, commandLine }: Pick<Context, 'stderr' | 'commandLine'>,
  place: ProfileLocation,
): Promise<Credential> {
  return requireLogin(await dotfileStorage(place, stderr).read(), commandLine)
}

async function lookAt(
  context: Context,
  place: ProfileLocation,
): Promise<{ credential?: Credential; problem?: { code: string; message: string } }> {
  try {
    return { credential: await requireStored(context, place) }
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
  const kept = findKept(context)
  const minutes = Math.floor((credential.expiresAtMs - now) / 60_000)
  const rows = [
    ['Profile', context.profile],
    ['Scopes', sanitize(credential.scopes.join(' ')) || 'none'],
    [
      'Access token',
      isFresh(credential, now, 60)
        ? `valid for ${minutes} min, then refreshed by itself`
        : 'refreshed when it is next needed',
    ],
    ['Login', `ends ${dayOf(endsAtMs)}, in ${counted(Math.ceil((endsAtMs - now) / dayMs), 'day')}`],
    ['File', dotfilePath(context)],
    ...(kept ? [['Kept', `a newer login in ${kept}, until the next refresh takes it over`]] : []),
    ...(credential.credentialHelper ? [['Secrets', whereSecretsAre(credential)]] : []),
    ...(check ? [['Checked', 'Spotify accepts it']] : []),
    ...describeClosed(context, credential).map((line) => ['Closed', line]),
  ]
  const table = rows.map(([name = '', value]) => `  ${style.dim(name.padEnd(13))} ${value}`)
  return [`${style.green('✓')} Logged in${style.bold(asWhom(credential))}`, ...table].join('\n')
}

function whereSecretsAre({ credentialHelper, refreshToken }: Credential): string {
  const helper = `docker-credential-${credentialHelper}`
  return isFingerprint(refreshToken) ? `with ${helper}` : `in the file, until ${helper} takes them`
}
