// What an ES module sees of the library. Nothing here runs. The members of its types are in docs/reference.md, which a
// test compares with the declarations.
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
