import type { Context } from '../context.ts'
import { authorizationEndsAtMs, type Credential } from '../session/credential.ts'
import { credentialFile } from '../session/credential-store.ts'
import { requireCredential } from '../session/session.ts'
import { sanitize } from '../terminal/sanitize.ts'
import { openStyle } from '../terminal/style.ts'
import { currentUser } from '../web-api/profile.ts'
import { type Command, jsonFlag } from './command.ts'

interface StatusOptions {
  check?: boolean
  json?: boolean
}

export const statusCommand: Command<StatusOptions> = {
  name: 'status',
  summary: 'print who is logged in, and until when',
  details: 'Looks at the stored login only; exits 4 when there is none.',
  flags: { check: { describe: 'ask Spotify whether it still accepts the login' }, ...jsonFlag },
  examples: [
    ['spotify-auth status', 'the stored login'],
    ['spotify-auth status --check && echo fine', 'does Spotify still accept it?'],
  ],
  run: status,
}

async function status(context: Context, options: StatusOptions): Promise<void> {
  requireCredential(context)
  if (options.check) await currentUser(context)
  const credential = requireCredential(context)
  const text = options.json
    ? describeLoginAsJson(context, credential)
    : await describeForPeople(context, credential)
  context.stdout.write(`${text}\n`)
}

/** `Logged in as Ada Lovelace (ada) until 20 May 2027.` */
export function describeLogin(credential: Credential): string {
  return `Logged in${nameOf(credential)} until ${dayOf(authorizationEndsAtMs(credential))}.`
}

/** The login as scripts read it; instants are Unix seconds. */
export function describeLoginAsJson(
  context: Pick<Context, 'home' | 'profile'>,
  credential: Credential,
): string {
  const { user } = credential
  return JSON.stringify({
    profile: context.profile,
    user: user ? { id: user.id, display_name: user.displayName } : null,
    client_id: credential.clientId,
    scope: credential.scope.join(' '),
    expires_at: Math.floor(credential.expiresAtMs / 1000),
    authorized_at: Math.floor(credential.authorizedAtMs / 1000),
    authorization_ends_at: Math.floor(authorizationEndsAtMs(credential) / 1000),
    file: credentialFile(context),
  })
}

async function describeForPeople(context: Context, credential: Credential): Promise<string> {
  const style = await openStyle(context)
  const now = context.now()
  const endsAtMs = authorizationEndsAtMs(credential)
  const minutes = Math.floor((credential.expiresAtMs - now) / 60_000)
  const rows = [
    ['Profile', context.profile],
    ['Scopes', credential.scope.join(' ') || 'none'],
    [
      'Access token',
      minutes > 0 ? `valid for ${minutes} min, then renewed by itself` : 'renewed when it is next needed',
    ],
    ['Login', `ends ${dayOf(endsAtMs)}, in ${Math.max(0, Math.floor((endsAtMs - now) / 86_400_000))} days`],
    ['File', credentialFile(context)],
  ]
  const table = rows.map(([name = '', value]) => `  ${style.dim(name.padEnd(13))} ${value}`)
  return [`${style.green('✓')} Logged in${style.bold(nameOf(credential))}`, ...table].join('\n')
}

/** ` as Ada Lovelace (ada)`; empty where Spotify would not say. */
export function nameOf({ user }: Credential): string {
  if (!user) return ''
  return ` as ${sanitize(user.displayName ? `${user.displayName} (${user.id})` : user.id)}`
}

function dayOf(ms: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' }).format(ms)
}
