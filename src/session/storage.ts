import type { SpotifyAuthError } from '../errors.ts'
import type { Credential } from './credential.ts'

type Awaitable<T> = T | Promise<T>

/** A place where one login is kept, as a refresh uses it. */
export interface LoginStorage {
  /** The login as it is kept, read without the lock; nothing when nobody is logged in. */
  read(): Awaitable<Credential | undefined | null>
  /**
   * Does the work while nobody else may change the login.
   * Throws `busy` when others change it for longer than `waitMs`, and `storage` when nothing can be changed at all.
   */
  lock<T>(work: (login: LockedLogin) => Promise<T>, waitMs?: number): Promise<T>
}

/** A login that nobody else may change at the moment. */
export interface LockedLogin {
  /**
   * The login as it is kept, with what an earlier refresh has received but could not save. A credential helper is asked
   * for its secrets only where the login without them is not enough; what `isEnough` throws ends the read.
   */
  read(isEnough?: (withoutSecrets: Credential) => boolean): Awaitable<Credential | undefined | null>
  /**
   * Proves that the next save will succeed; throws `storage`, with nothing changed, when it will not. `onKept` is told
   * when the save fails all the same, and the login is kept where the next `read` finds it; without it, the user is.
   */
  prepareSave(onKept?: (problem: SpotifyAuthError) => void): Awaitable<PreparedSave>
  journal: Journal
}

/** A save that has been proven to succeed; exactly one of the two is to be called. */
export interface PreparedSave {
  /**
   * Replaces the login as a whole: a reader sees the old one or the new one, even after a crash. Throws `storage` when it
   * can neither be saved nor kept.
   */
  commit(credential: Credential): Awaitable<void>
  abandon(): Awaitable<void>
}

/**
 * A durable mark that a refresh token may have been spent while its response was not saved: because the process was
 * killed, or because the response got lost.
 */
export interface Journal {
  /** Whether an earlier refresh has left the mark. */
  wasOpen: boolean
  open(): void
  close(): void
}

/** The journal of a storage that has no place for one. */
export const noJournal: Journal = { wasOpen: false, open() {}, close() {} }

/** A storage whose code is loaded when it is first used, because few commands need it. */
export function lazyStorage(load: () => Promise<LoginStorage>): LoginStorage {
  let loading: Promise<LoginStorage> | undefined
  const storage = () => {
    loading ??= load()
    return loading
  }
  return {
    read: async () => (await storage()).read(),
    lock: async (work, waitMs) => (await storage()).lock(work, waitMs),
  }
}
