import { SpotifyAuthError } from '../errors.ts'
import { refreshTokens } from '../oauth/spotify-accounts.ts'
import { type Tokens, UnusableTokens } from '../oauth/token-answer.ts'
import { type Credential, renewed, whyEnded } from '../session/credential.ts'
import { checkCredential, isFresh, type Login } from '../session/session.ts'
import type { World } from '../web-api/client.ts'

/**
 * Where a program keeps one login of its own: in a database, in a session, in memory. Renewals of sessions on the same
 * object are shared; those of different ones only by the lock.
 */
export interface CredentialStore {
  /** The stored login, or nothing when there is none. */
  load(): Credential | undefined | null | Promise<Credential | undefined | null>
  /** Keeps a login as a whole; what it resolves with is not looked at. */
  save(credential: Credential): unknown
  /** Runs the work while no other process that shares the store runs its own; what removes a login needs it, too. */
  lock?<T>(work: () => Promise<T>): Promise<T>
}

/** The renewals under way: a server may open a session on the same store for each of its requests. */
const renewals = new WeakMap<CredentialStore, Promise<Credential>>()

/** What a store has failed to keep: its refresh token may be the only one that is still good. */
const unsaved = new WeakMap<CredentialStore, { spent: string; credential: Credential }>()

/** A login in the caller's own store. The process renews it once at a time, and with a lock so do all that share it. */
export function loginInStore(world: World, store: CredentialStore): Login {
  const renewUnless = (isGood: (stored: Credential) => boolean) => {
    const underWay = renewals.get(store)
    if (underWay) return underWay
    const locked = store.lock?.bind(store) ?? ((work) => work())
    const renewal = locked(() => renew(world, store, isGood)).finally(() => renewals.delete(store))
    renewals.set(store, renewal)
    return renewal
  }
  const isValid = (stored: Credential) => isFresh(stored, world.now(), 60)
  return {
    async open() {
      const stored = await load(world, store)
      return isValid(stored) ? stored : renewUnless(isValid)
    },
    renew: ({ accessToken }) =>
      renewUnless((stored) => stored.accessToken !== accessToken && isValid(stored)),
  }
}

async function renew(
  world: World,
  store: CredentialStore,
  isGood: (stored: Credential) => boolean,
): Promise<Credential> {
  const stored = await makeUp(store, await load(world, store))
  if (isGood(stored)) return stored
  let tokens: Tokens
  try {
    tokens = await refreshTokens(world, stored, stored.refreshToken)
  } catch (error) {
    // The answer has no access token, but may have replaced the refresh token.
    if (error instanceof UnusableTokens && error.refreshToken) {
      await save(store, stored, { ...stored, refreshToken: error.refreshToken })
    }
    if (!(error instanceof SpotifyAuthError) || error.code !== 'login_expired') throw error
    const now = await load(world, store)
    // Without a lock somebody else may have been quicker.
    if (now.refreshToken !== stored.refreshToken) return renew(world, store, isGood)
    // Later requests know without asking Spotify again.
    await store.save({ ...stored, ended: whyEnded(stored, world.now()) })
    throw error
  }
  const fresh = renewed(stored, tokens, world.now())
  await save(store, stored, fresh)
  return fresh
}

async function save(store: CredentialStore, stored: Credential, credential: Credential): Promise<void> {
  unsaved.set(store, { spent: stored.refreshToken, credential })
  await store.save(credential)
  unsaved.delete(store)
}

/** Saves what an earlier renewal could not, unless another login has taken its place. */
async function makeUp(store: CredentialStore, stored: Credential): Promise<Credential> {
  const kept = unsaved.get(store)
  if (kept?.spent !== stored.refreshToken) return stored
  await save(store, stored, kept.credential)
  return kept.credential
}

async function load(world: World, store: CredentialStore): Promise<Credential> {
  return checkCredential(world, await store.load())
}
