import { dirname } from 'node:path'
import { codeOf } from '../errors.ts'
import { identityOf } from '../session/credential.ts'
import { withFileLock } from '../system/file-lock.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { getCurrentlyPlaying } from '../web-api/playback.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { askOnce, type Shared } from './ask-once.ts'
import { ageOf, type CachedPlayback } from './playback-cache.ts'
import { changedAtMs } from './schedule.ts'

interface Needs {
  home: string
  now(): number
}

/** What somebody wants to know. */
interface Wish extends Shared<CachedPlayback> {
  /** How old an answer may be while another process fetches a new one. */
  usableForMs: number
  /** Ends the waiting for other processes; its reason is then thrown. */
  signal?: AbortSignal
}

/** How long another process may take to fetch an answer for all, before Spotify is asked without it. */
const patienceMs = 1_000

/**
 * An answer that is good: a cached one, or one of Spotify's, which one process asks for while the others wait, or use
 * what is not much too old.
 */
export async function askForAll(needs: Needs, file: string, wish: Wish): Promise<CachedPlayback> {
  const { isGood, usableForMs, signal } = wish
  const found = await wish.read()
  if (found && isGood(found)) return found
  const isUsable = found !== undefined && ageOf(needs, found) <= usableForMs
  let isOurTurn = false
  const askInTurn = () => {
    isOurTurn = true
    return askOnce(file, wish)
  }
  // Whoever has the first lock may be stopped, or slow: then one of those who have waited for it asks in its place.
  for (const lock of [`${file}.lock`, `${file}.second.lock`]) {
    try {
      makePrivateDirectories(needs.home, dirname(file))
      return await withFileLock(needs.home, lock, askInTurn, isUsable ? 0 : patienceMs, signal)
    } catch (error) {
      if (isOurTurn || signal?.aborted) throw error
      if (codeOf(error) !== 'busy') break
      if (isUsable) return found
    }
  }
  // Where nothing can be shared, each process asks for itself.
  const fresh = await wish.ask(found)
  wish.keep(fresh)
  return fresh
}

/** Asks Spotify what is playing; `before` is the answer before. */
export async function askSpotify(api: WebApi, before?: CachedPlayback): Promise<CachedPlayback> {
  const login = identityOf(await api.credentials.stored())
  const playback = (await getCurrentlyPlaying(api)) ?? null
  const fresh = { login, fetchedAtMs: playback?.fetchedAtMs ?? api.now(), playback }
  return { ...fresh, changedAtMs: changedAtMs(before, fresh) }
}
