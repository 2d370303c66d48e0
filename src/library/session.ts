import { Interrupted, isLoginOver, SpotifyAuthError } from '../errors.ts'
import type { HttpResponse } from '../network/http.ts'
import type { Credential, User } from '../session/credential.ts'
import { apiPath } from '../web-api/api-path.ts'
import * as client from '../web-api/client.ts'
import * as playback from '../web-api/playback.ts'
import * as profile from '../web-api/profile.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { profileApi, storeApi } from './compose.ts'
import type { CredentialStore } from './program-storage.ts'
import { raiseAgain } from './raise-again.ts'

/** Supplies valid access tokens of one login, or throws when it cannot. */
export interface Session {
  /** An access token that is valid for at least a minute, refreshed first where it is due. Throws as `openSession` does. */
  accessToken(): Promise<string>
  /** The value of an Authorization header, `Bearer …`, with such a token. Throws as `openSession` does. */
  authorizationHeader(): Promise<string>
  /** Refreshes the access token, unless another process has done so since this session's last one. Throws as `openSession` does. */
  refresh(): Promise<void>
  /** The scopes that the user has granted, as of the last access token. */
  readonly scopes: readonly string[]
  /** When the last access token ends. */
  readonly expiresAt: Date
}

/** Which login a session is opened on, and what it reports. */
export interface SessionOptions {
  /** The name of a login of the command line; the one that SPOTIFY_AUTH_PROFILE names, or `default`, where it is missing. */
  profile?: string
  /** The program's own store of a login; `profile` is then ignored. */
  store?: CredentialStore
  /** Called after each refresh that this session has seen, also when another process made it. */
  onRefresh?(session: Session): void
  /** Called once when only a new login helps: Spotify has ended this one, or it was removed. */
  onEnd?(error: SpotifyAuthError): void
}

const apis = new WeakMap<Session, WebApi>()

/**
 * Opens a session on a login: of the command line (`spotify-auth login`), or in a store of the program's own.
 * Throws `SpotifyAuthError`: `login_required` when there is none, `login_expired` when Spotify has ended it,
 * `login_failed` when Spotify refuses the app, `rate_limited`, `network`, `unavailable`, `busy` or `storage` when a
 * refresh is due and cannot be made now, and `usage` or `config` for a profile or an environment that cannot be used.
 * What the program's own store throws is thrown as it is.
 */
export async function openSession(options: SessionOptions = {}): Promise<Session> {
  const api = options.store ? storeApi(options.store) : profileApi(options.profile)
  const { credentials } = api
  let known: Credential | undefined
  let hasEnded = false

  const track = async (obtain: () => Promise<Credential>): Promise<Credential> => {
    const before = known
    try {
      const credential = await obtain()
      hasEnded = false
      // Where a refresh was quicker, this was read before it.
      if (known === before && known?.accessToken !== credential.accessToken) {
        known = credential
        if (before) options.onRefresh?.(session)
      }
      return credential
    } catch (error) {
      if (error instanceof Interrupted) {
        raiseAgain(error)
        // The program listens for the signal and goes on.
        return track(obtain)
      }
      if (isLoginOver(error) && !hasEnded) {
        hasEnded = true
        options.onEnd?.(error)
      }
      throw error
    }
  }
  // Not shared: a call that comes after a new login is not to get what an earlier one waits for.
  const getValid = () => track(() => credentials.getValid())
  const refresh = (refused?: Credential) => track(() => credentials.refresh(refused))
  await getValid()
  const latest = () => known as Credential
  const refreshLatest = once(() => refresh(latest()))

  const session: Session = {
    accessToken: async () => (await getValid()).accessToken,
    authorizationHeader: async () => `Bearer ${(await getValid()).accessToken}`,
    refresh: async () => void (await refreshLatest()),
    get scopes() {
      return latest().scopes
    },
    get expiresAt() {
      return new Date(latest().expiresAtMs)
    },
  }
  apis.set(session, { ...api, credentials: { stored: async () => latest(), getValid, refresh } })
  return session
}

/**
 * Asks what is playing; undefined when nothing is. Needs the scope `user-read-currently-playing`.
 * Throws as `callApi` does.
 */
export async function getCurrentlyPlaying(session: Session): Promise<playback.Playback | undefined> {
  return playback.getCurrentlyPlaying(apiOf(session))
}

/** Asks whose login it is; undefined where Spotify does not say. Throws as `callApi` does. */
export async function getCurrentUser(session: Session): Promise<User | undefined> {
  return profile.getCurrentUser(apiOf(session))
}

/**
 * Makes one request of the Web API, and returns its response where that is a success (a status from 200 to 299). A 401
 * leads to one refresh and one repeat.
 * Throws `SpotifyAuthError`: `usage` for a path that leads out of the Web API; `missing_scope`, `premium_required`,
 * `no_active_device`, `forbidden`, `not_found` or `api_error` for what Spotify refuses; and what `openSession` throws.
 */
export async function callApi(session: Session, request: client.ApiRequest): Promise<HttpResponse> {
  const api = apiOf(session)
  const path = apiPath(api.apiUrl, request.path)
  if (path) return client.callApi(api, { ...request, path })
  throw new SpotifyAuthError('usage', 'That is not a path of the Web API.')
}

function apiOf(session: Session): WebApi {
  const api = apis.get(session)
  if (api) return api
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
