import { identityOf } from '../session/credential.ts'
import type { CredentialSource } from '../session/credential-source.ts'
import { dotfilePath } from '../session/dotfile.ts'
import { stampOf } from '../system/stamp.ts'
import { type CachedPlayback, type CachePlace, cacheFile, readCache } from './playback-cache.ts'
import { writeCache } from './playback-cache-changes.ts'

/** What a process that stays knows of what is playing, without asking: it reads the files when they have changed. */
export interface KnownPlayback {
  /** The files that say it: the cache, and the dotfile, for whose login it is. A login without files has none. */
  files: string[]
  /** Reads what has changed, and returns whether somebody else has changed what is known, or the login. */
  update(): Promise<boolean>
  /** The newest answer for the login of now: a shared one, or one of its own that could not be shared. */
  newest(): CachedPlayback | undefined
  /** Whether an answer belongs to the login of now. */
  isOurs(cached: CachedPlayback): boolean
  /** Shares an answer; throws the system's own error when only this process knows it now. */
  keep(fresh: CachedPlayback): void
}

type Needs = CachePlace & { credentials: CredentialSource }

export function knowPlayback(needs: Needs): KnownPlayback {
  const cache = cacheFile(needs)
  const files = cache === undefined ? [] : [cache, dotfilePath(needs)]
  /** The stamps of the files as they were read. */
  let [cacheStamp, dotfileStamp]: (string | undefined)[] = []
  /** Undefined where nobody is logged in. */
  let login: string | undefined
  let newest: CachedPlayback | undefined
  return {
    files,
    async update() {
      const [cacheNow, dotfileNow] = files.map(stampOf)
      const isSameCache = cacheNow === cacheStamp
      const isLoginKnown = files.length === 0 || (login !== undefined && dotfileNow === dotfileStamp)
      if (isSameCache && isLoginKnown) return false
      cacheStamp = cacheNow
      dotfileStamp = dotfileNow
      const before = login
      login = await loginOf(needs)
      // The dotfile changes with each refresh, too.
      if (isSameCache && login === before) return false
      newest = login === undefined ? undefined : readCache(needs, login)
      return true
    },
    newest: () => newest,
    isOurs: (cached) => files.length === 0 || cached.login === login,
    keep(fresh) {
      newest = fresh
      login = fresh.login
      try {
        cacheStamp = writeCache(needs, fresh)
      } catch (error) {
        // What is there is older than what is known.
        cacheStamp = cache && stampOf(cache)
        throw error
      }
    },
  }
}

async function loginOf({ credentials }: Needs): Promise<string | undefined> {
  try {
    return identityOf(await credentials.stored())
  } catch {
    return undefined
  }
}
