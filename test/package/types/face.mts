// The public face of the library, type by type, as a module of somebody else's sees it. Nothing here runs.
import type * as library from 'spotify-auth-cli'
import { holds, type Same } from './same.js'

type Names =
  | 'SpotifyAuthError'
  | 'beginLogin'
  | 'callApi'
  | 'completeLogin'
  | 'getCurrentUser'
  | 'getCurrentlyPlaying'
  | 'openSession'
  | 'readScopes'
holds<Same<keyof typeof library, Names>>()

type Of<Name extends Names> = (typeof library)[Name]
holds<Same<Of<'openSession'>, (options?: library.SessionOptions) => Promise<library.Session>>>()
holds<Same<Of<'getCurrentlyPlaying'>, (session: library.Session) => Promise<library.Playback | undefined>>>()
holds<Same<Of<'getCurrentUser'>, (session: library.Session) => Promise<library.User | undefined>>>()
holds<
  Same<
    Of<'callApi'>,
    (session: library.Session, request: library.ApiRequest) => Promise<library.HttpResponse>
  >
>()
holds<Same<Of<'beginLogin'>, (request: library.LoginRequest) => Promise<library.PendingLogin>>>()
holds<
  Same<
    Of<'completeLogin'>,
    (
      pending: library.PendingLogin,
      callbackUrl: string,
      options?: { clientSecret?: string },
    ) => Promise<library.Credential>
  >
>()
holds<Same<Of<'readScopes'>, (texts: readonly string[], granted?: readonly string[]) => string[]>>()

declare const error: library.SpotifyAuthError
holds<
  Same<
    ConstructorParameters<Of<'SpotifyAuthError'>>,
    [library.ErrorCode, string, { hint?: string; reason?: string; cause?: unknown }?]
  >
>()
holds<typeof error extends Error ? true : false>()
holds<Same<typeof error.name, 'SpotifyAuthError'>>()
holds<Same<typeof error.code, library.ErrorCode>>()
holds<Same<typeof error.hint, string | undefined>>()
holds<Same<typeof error.reason, string | undefined>>()
holds<Same<typeof error.exitCode, number>>()
holds<
  Same<
    library.ErrorCode,
    | 'unexpected'
    | 'port_in_use'
    | 'usage'
    | 'config'
    | 'nothing_playing'
    | 'login_required'
    | 'login_expired'
    | 'login_denied'
    | 'login_timeout'
    | 'login_failed'
    | 'missing_scope'
    | 'premium_required'
    | 'no_active_device'
    | 'forbidden'
    | 'not_found'
    | 'api_error'
    | 'rate_limited'
    | 'network'
    | 'unavailable'
    | 'busy'
    | 'storage'
  >
>()

/** The members as a plain type: an interface is the same as no other type. */
type Members<T> = { [Name in keyof T]: T[Name] }
holds<
  Same<
    Members<library.Session>,
    {
      accessToken: () => Promise<string>
      authorizationHeader: () => Promise<string>
      refresh: () => Promise<void>
      readonly scopes: readonly string[]
      readonly expiresAt: Date
    }
  >
>()
holds<
  Same<
    Members<library.SessionOptions>,
    {
      profile?: string
      store?: library.CredentialStore
      onRefresh?: (session: library.Session) => void
      onEnd?: (error: library.SpotifyAuthError) => void
    }
  >
>()
holds<
  Same<
    Members<library.CredentialStore>,
    {
      load: () => library.Credential | undefined | null | Promise<library.Credential | undefined | null>
      save: (credential: library.Credential) => unknown
      lock?: <T>(work: () => Promise<T>) => Promise<T>
    }
  >
>()
holds<
  Same<
    Members<library.Credential>,
    {
      clientId: string
      clientSecret?: string
      accessToken: string
      expiresAtMs: number
      refreshToken: string
      scopes: string[]
      authorizedAtMs: number
      loginId?: string
      user?: library.User
      ended?: library.Ending
    }
  >
>()
holds<Same<library.Ending, 'expired' | 'revoked' | 'interrupted'>>()
holds<Same<Members<library.User>, { id: string; displayName: string | null }>>()
holds<
  Same<
    Members<library.LoginRequest>,
    { clientId: string; redirectUri: string; scopes: readonly string[]; showDialog?: boolean }
  >
>()
holds<
  Same<
    Members<library.PendingLogin>,
    {
      url: string
      state: string
      codeVerifier: string
      clientId: string
      redirectUri: string
      scopes: readonly string[]
    }
  >
>()
holds<
  Same<
    Members<library.ApiRequest>,
    { method?: string; path: string; body?: string; scope?: string; retry?: boolean }
  >
>()
holds<
  Same<
    Members<library.HttpResponse>,
    { status: number; headers: Record<string, string | string[] | undefined>; body: string }
  >
>()
holds<
  Same<
    Members<library.Playback>,
    {
      state: 'playing' | 'paused'
      type: 'track' | 'episode' | 'ad' | 'unknown'
      title: string | null
      artists: string[]
      album: string | null
      show: string | null
      progressMs: number | null
      durationMs: number | null
      url: string | null
      uri: string | null
      id: string | null
      image: string | null
      device: string | null
      explicit: boolean | null
      fetchedAtMs: number
    }
  >
>()
