import { Interrupted, SpotifyAuthError } from '../errors.ts'
import type { HttpAnswer } from '../http.ts'
import type { Credential, User } from '../session/credential.ts'
import { apiPath } from '../web-api/api-path.ts'
import { type ApiRequest, callApi as callWebApi, loginOf, type World } from '../web-api/client.ts'
import { type Playback, currentlyPlaying as readPlaying } from '../web-api/playback.ts'
import { currentUser as readUser } from '../web-api/profile.ts'
import { type CredentialStore, loginInStore } from './own-store.ts'
import { worldOfProfile, worldWithoutFiles } from './world.ts'

/** A login that always has a valid access token. */
export interface Session {
  /** A token that is good for at least a minute: as stored, or renewed first. Throws `SpotifyAuthError`. */
  accessToken(): Promise<string>
  /** `Bearer …`, for the Authorization header. Throws as `accessToken` does. */
  authorizationHeader(): Promise<string>
  /** Renews the access token whatever time it has left. Throws as `accessToken` does. */
  renew(): Promise<void>
  /** What the user has granted, as of the last token. */
  readonly scopes: readonly string[]
  /** When the last token ends. */
  readonly expiresAt: Date
}

/** Which login, and what is to be told. */
export interface SessionOptions {
  /** The login of the command line with this name; without it that of SPOTIFY_AUTH_PROFILE, or `default`. */
  profile?: string
  /** A login that the program keeps by itself, instead of a profile. */
  store?: CredentialStore
  /** Called after each renewal that this session has seen. */
  onRenewal?(session: Session): void
  /** Called once when only a new login helps: Spotify has ended this one, or it was removed. */
  onEnd?(error: SpotifyAuthError): void
}

const worlds = new WeakMap<Session, World>()

/**
 * Opens a session on a login: of the command line (`spotify-auth login`), or in a store of the program's own.
 * Throws `SpotifyAuthError`: `login_required` when there is none, `login_expired` when Spotify has ended it, and
 * whatever keeps a token from being renewed.
 */
export async function openSession(options: SessionOptions = {}): Promise<Session> {
  const world = options.store ? worldWithoutFiles() : worldOfProfile(options.profile)
  const login = options.store ? loginInStore(world, options.store) : loginOf(world)
  let known: Credential | undefined
  let hasEnded = false

  const settle = async (ask: () => Promise<Credential>): Promise<Credential> => {
    const before = known
    try {
      const credential = await ask()
      hasEnded = false
      // Where a renewal was quicker, this was read before it.
      if (known === before && known?.accessToken !== credential.accessToken) {
        known = credential
        if (before) options.onRenewal?.(session)
      }
      return credential
    } catch (error) {
      if (error instanceof Interrupted) {
        raiseAgain(error)
        // The program listens for the signal and goes on.
        return settle(ask)
      }
      if (isOver(error) && !hasEnded) {
        hasEnded = true
        options.onEnd?.(error)
      }
      throw error
    }
  }
  const open = once(() => settle(() => login.open()))
  const renew = (refused: Credential) => settle(() => login.renew(refused))
  await open()
  const latest = () => known as Credential
  const renewNow = once(() => renew(latest()))

  const session: Session = {
    accessToken: async () => (await open()).accessToken,
    authorizationHeader: async () => `Bearer ${(await open()).accessToken}`,
    renew: async () => void (await renewNow()),
    get scopes() {
      return latest().scope
    },
    get expiresAt() {
      return new Date(latest().expiresAtMs)
    },
  }
  worlds.set(session, { ...world, login: { open, renew } })
  return session
}

/** What is playing; undefined when nothing is. Needs the scope `user-read-currently-playing`. */
export async function currentlyPlaying(session: Session): Promise<Playback | undefined> {
  return readPlaying(worldOf(session))
}

/** Whose login it is; undefined where Spotify does not say. */
export async function currentUser(session: Session): Promise<User | undefined> {
  return readUser(worldOf(session))
}

/**
 * One request of the Web API; a 401 is answered by one renewal and one repeat. Returns what Spotify answered, if it
 * was a success. Throws `SpotifyAuthError`, `usage` among others for a path that leads out of the Web API.
 */
export async function callApi(session: Session, request: ApiRequest): Promise<HttpAnswer> {
  const world = worldOf(session)
  const checked = apiPath(world.apiUrl, request.path)
  if (checked) return callWebApi(world, { ...request, path: checked })
  throw new SpotifyAuthError('usage', 'That is not a path of the Web API.')
}

function worldOf(session: Session): World {
  const world = worlds.get(session)
  if (world) return world
  throw new TypeError('not a session that openSession has returned')
}

/** Calls that come while one is under way get its result. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined
  return () => {
    pending ??= work().finally(() => {
      pending = undefined
    })
    return pending
  }
}

/** A renewal lets signals wait; where the program does not look at them itself, they then take effect. */
function raiseAgain({ signal }: Interrupted): void {
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}

function isOver(error: unknown): error is SpotifyAuthError {
  return (
    error instanceof SpotifyAuthError && (error.code === 'login_expired' || error.code === 'login_required')
  )
}
