import { SpotifyAuthError } from '../errors.ts'
import type { ProfileLocation } from '../settings/environment.ts'
import { parseFields, textOf } from '../untrusted/fields.ts'
import type { Credential } from './credential.ts'
import { eraseSecret, getSecret, type HelperContext, helperError, storeSecret } from './credential-helper.ts'
import { credentialFields, parseCredential } from './credential-text.ts'
import { dotfilePath } from './dotfile.ts'
import { fingerprintOf, isFingerprint, withoutToken } from './fingerprint.ts'
import { notedHelpers, noteHelper, removeFromNote } from './helper-note.ts'
import { homeDigest } from './home-digest.ts'
import { HelperFailure } from './refresh-backoff.ts'

// What a credential helper keeps of a profile is the login as a whole, with the fingerprint of the refresh token that
// it replaces; the dotfile keeps the same without its secrets. So a login that was stored with the helper, but not in
// the dotfile, because a kill came between, is known as what comes next.

/** A login as the helper keeps it. */
export interface HelperEntry {
  credential: Credential
  /** What the helper was given, or is to be given. */
  text: string
  /** Whether it is what was to come after the login in the dotfile. */
  isNext: boolean
}

/**
 * Asks the helper for the login whose dotfile this is. Throws `storage` where it fails. Where it has none, or another
 * one, throws `login_required` or `storage`, unless the secrets are in the dotfile because it has failed before.
 */
export async function recall(
  context: HelperContext,
  helper: string,
  stored: Credential,
): Promise<HelperEntry> {
  const isHere = !isFingerprint(stored.refreshToken)
  const known = fingerprintOf(stored.refreshToken)
  const text = await getSecret(context, helper, addressOf(context))
  const entry = text === undefined ? undefined : readEntry(text)
  if (text !== undefined && entry) {
    const { credential, replaces } = entry
    const isSame = fingerprintOf(credential.refreshToken) === known
    if (isSame ? credential.ended : replaces === known) return { credential, text, isNext: true }
    if (isSame && !isHere) {
      const { refreshToken, clientSecret } = credential
      return { credential: { ...stored, refreshToken, clientSecret }, text, isNext: false }
    }
  }
  if (isHere) return { credential: stored, text: textOfEntry(stored, known), isNext: false }
  if (text === undefined) throw gone(context, helper)
  if (!entry) throw helperError(helper, 'returned something that is not a login')
  const hint = 'Where the files of this program are older than what the helper keeps, log in again.'
  throw helperError(helper, 'gave another login than the one that it was last given', hint)
}

/** Stores once more what the helper has given. Throws `storage`. */
export async function storeAgain(context: HelperContext, helper: string, text: string): Promise<void> {
  noteHelper(context, helper)
  await storeSecret(context, helper, entryOf(context, text))
}

/** Proves that the helper is there and keeps what it is given; what it had stays as it was. Throws `storage`. */
export async function proveHelper(context: HelperContext, helper: string): Promise<void> {
  const before = await getSecret(context, helper, addressOf(context))
  await keep(context, helper, before ?? 'spotify-auth tries whether this can be kept')
  if (before === undefined) await forgetEntry(context, helper)
}

/**
 * Gives a login to the helper that it names, if it does, in the place of the one with the fingerprint `replaces`.
 * Returns what is left for the dotfile: the login without its secrets. Where the helper fails, the user is told, and it
 * is the login with them.
 */
export async function entrust(
  context: HelperContext,
  credential: Credential,
  replaces: string,
): Promise<Credential> {
  const helper = credential.credentialHelper
  if (helper === undefined) return credential
  try {
    await keep(context, helper, textOfEntry(credential, replaces), true)
  } catch (error) {
    // Of a login that has ended nothing is left to be lost.
    if (credential.ended) return withoutSecrets(credential)
    // Whatever it was, the token is not to be lost.
    const why = error instanceof Error ? error.message : String(error)
    const what = credential.clientSecret
      ? "The refresh token and the app's secret are"
      : 'The refresh token is'
    context.stderr.write(
      `${why}\n${what} kept in ${dotfilePath(context)} for now; the next refresh gives the helper what it is to keep.\n`,
    )
    return credential
  }
  return withoutSecrets(credential)
}

/** The secret of the app that a stored login has used, wherever it is. Throws `storage`. */
export async function recallClientSecret(
  context: HelperContext,
  { clientSecret, credentialHelper: helper }: Credential,
): Promise<string | undefined> {
  if (clientSecret === undefined || helper === undefined || !isFingerprint(clientSecret)) return clientSecret
  const hint = 'Unlock the keyring or mend the helper, or give the secret with --client-secret-stdin.'
  const text = await getSecret(context, helper, addressOf(context)).catch((error) => {
    throw error instanceof HelperFailure ? new HelperFailure(error.code, error.message, { hint }) : error
  })
  const kept = text === undefined ? undefined : readEntry(text)?.credential.clientSecret
  if (kept !== undefined) return kept
  throw helperError(helper, "no longer has the app's secret", hint)
}

/** The login as the dotfile keeps it when a helper has its secrets. */
export function withoutSecrets(credential: Credential): Credential {
  const { refreshToken, clientSecret } = credential
  return {
    ...credential,
    refreshToken: withoutToken(refreshToken),
    clientSecret: clientSecret && withoutToken(clientSecret),
  }
}

/** Has all helpers but one erase what they have of the profile; returns why they would not. */
export async function forgetEntries(context: HelperContext, but?: string): Promise<SpotifyAuthError[]> {
  const problems: SpotifyAuthError[] = []
  for (const helper of notedHelpers(context).filter((each) => each !== but)) {
    try {
      await forgetEntry(context, helper)
    } catch (error) {
      if (!(error instanceof SpotifyAuthError)) throw error
      problems.push(error)
    }
  }
  return problems
}

async function forgetEntry(context: HelperContext, helper: string): Promise<void> {
  await eraseSecret(context, helper, addressOf(context))
  removeFromNote(context, helper)
}

/** Stores, and looks whether it was stored. Throws `storage`. */
export async function keep(
  context: HelperContext,
  helper: string,
  text: string,
  mustEnd?: boolean,
): Promise<void> {
  noteHelper(context, helper)
  await storeSecret(context, helper, entryOf(context, text), mustEnd)
  if ((await getSecret(context, helper, addressOf(context), mustEnd)) === text) return
  throw helperError(helper, 'does not give back what it was given')
}

function entryOf(place: ProfileLocation, text: string) {
  return { ServerURL: addressOf(place), Username: place.profile, Secret: text }
}

/** What the helper knows the profile of this home by; helpers take nothing but the address of a server. */
export function addressOf(place: ProfileLocation): string {
  return `https://spotify-auth/${homeDigest(place)}/${place.profile}`
}

function textOfEntry(credential: Credential, replaces: string): string {
  return JSON.stringify({ ...credentialFields(credential), replaces })
}

/** What was stored with a helper; undefined where that is no login. */
function readEntry(text: string): { credential: Credential; replaces: string | null } | undefined {
  try {
    const credential = parseCredential(text)
    if (credential.ended || !isFingerprint(credential.refreshToken)) {
      return { credential, replaces: textOf(parseFields(text).replaces) }
    }
  } catch {
    // A syntax error's message quotes the text, which may hold a token.
  }
  return undefined
}

function gone({ commandLine }: HelperContext, helper: string): HelperFailure {
  return new HelperFailure('login_required', `docker-credential-${helper} no longer has your login.`, {
    hint: `Run: ${commandLine('login')}`,
  })
}
