import { Interrupted, isLoginOver, SpotifyAuthError } from '../errors.ts'
import type { HttpResponse } from '../network/http.ts'
import type { Credential, User } from '../session/credential.ts'
import { apiPath } from '../web-api/api-path.ts'
import * as client from '../web-api/client.ts'
import * as playback from '../web-api/playback.ts'
import * as profile from '../web-api/profile.ts'
import type { AnyWebApi } from '../web-api/web-api.ts'
import type { CredentialStore } from './program-storage.ts'
import { raiseAgain } from './raise-again.ts'
import { profileApi, storeApi } from './session-api.ts'

/** Supplies valid access tokens of one login. */
export interface Session {
  /**
   * A valid access token, refreshed first where it has less than a minute left. One with less time left is returned only
   * while it cannot be refreshed: when another process holds the lock for too long, while a credential helper fails, and
   * for 5 to 60 seconds after Spotify has failed to refresh it. Throws as `openSession` does.
   */
  accessToken(): Promise<string>
  /** The value of an Authorization header: `Bearer ` and the access token that `accessToken` returns. Throws as it does. */
  authorizationHeader(): Promise<string>
  /**
   * Refreshes the access token, whatever time it has left, so that `accessToken` returns another one afterwards. Makes no
   * request where another session or process has refreshed it since this session last read it; for 5 to 60 seconds after
   * Spotify has failed to refresh it, throws `unavailable` without asking again. Throws as `openSession` does.
   */
  refresh(): Promise<void>
  /** The scopes that the user has granted, as of the last access token of this session. */
  readonly scopes: readonly string[]
  /** When the last access token of this session ends. */
  readonly expiresAt: Date
}

/** Which login a session is opened on, and what it reports. */
export interface SessionOptions {
  /**
   * The name of a login of the command line; without it, the one that SPOTIFY_AUTH_PROFILE names, or `default`. Ignored
   * where SPOTIFY_REFRESH_TOKEN is set: that is the login then.
   */
  profile?: string
  /** The program's own store of a login; `profile` and SPOTIFY_REFRESH_TOKEN are then ignored. */
  store?: CredentialStore
  /**
   * Called when this session has got another access token than before, including when another session or process
   * refreshed it.
   */
  onRefresh?(session: Session): void
  /**
   * Called when only a new login helps, because Spotify has ended this one, or there is none (any more); once for each
   * login.
   */
  onEnd?(error: SpotifyAuthError): void
}

const apis = new WeakMap<Session, AnyWebApi>()

/**
 * Opens a session on a login: that of the command line (`spotify-auth login`), or one in a store of the program's own.
 * An access token that has less than a minute left is refreshed first.
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
      // Another call may have got a newer login while this one was read.
      if (known === before && known?.accessToken !== credential.accessToken) {
        known = credential
        if (before) options.onRefresh?.(session)
      }
      return credential
    } catch (error) {
      if (error instanceof Interrupted) {
        await raiseAgain(error)
        // The program listens for the signal itself, and goes on.
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

function apiOf(session: Session): AnyWebApi {
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
