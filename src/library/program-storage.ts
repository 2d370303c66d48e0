import type { Credential } from '../session/credential.ts'
import { fingerprintOf } from '../session/fingerprint.ts'
import { type LoginStorage, noJournal } from '../session/storage.ts'

/**
 * Where a program keeps one login of its own: in a database, in a web session, in memory. Sessions on the same object
 * share their refreshes; sessions on different objects, or in different processes, need the lock for that.
 */
export interface CredentialStore {
  /** Returns the stored login; nothing where there is none. */
  load(): Credential | undefined | null | Promise<Credential | undefined | null>
  /**
   * Stores a login as a whole, which may be one that Spotify has ended: then without an access token. What it returns is
   * ignored, but a promise is waited for.
   */
  save(credential: Credential): unknown
  /**
   * Runs the work while no other process that shares the store runs its own, and resolves with its result. A program
   * that removes a login does so under the same lock.
   */
  lock?<T>(work: () => Promise<T>): Promise<T>
}

/** Keeps a login in a program's own store. What the store has failed to save is kept in memory, and saved again before the next refresh. */
export function programStorage(store: CredentialStore): LoginStorage {
  const lock: NonNullable<CredentialStore['lock']> = store.lock?.bind(store) ?? ((work) => work())
  /** The refresh token that the store holds, as far as is known. */
  let storedToken: string | undefined
  /** A login that could not be saved, and the refresh token that was spent for it: the new one may be the only good one. */
  let unsaved: { spentToken: string | undefined; credential: Credential } | undefined

  const commit = async (credential: Credential) => {
    unsaved = { spentToken: storedToken, credential }
    const stored = await store.load()
    // Without a lock the program may have stored another login meanwhile, or removed this one.
    if (stored?.refreshToken === storedToken) {
      await store.save(credential)
      storedToken = credential.refreshToken
    }
    unsaved = undefined
  }
  const read = async () => {
    const stored = await store.load()
    storedToken = stored?.refreshToken
    // The unsaved login is out of date where the program has stored another one since.
    if (!unsaved || fingerprintOf(unsaved.spentToken) !== fingerprintOf(storedToken)) return stored
    const { credential } = unsaved
    await commit(credential)
    return credential
  }
  return {
    read: () => store.load(),
    lock: (work) =>
      lock(() => work({ read, prepareSave: () => ({ commit, abandon() {} }), journal: noJournal })),
  }
}
