export { type ErrorCode, SpotifyAuthError } from './errors.ts'
export {
  beginLogin,
  completeLogin,
  type LoginRequest,
  type PendingLogin,
} from './library/login-in-steps.ts'
export type { CredentialStore } from './library/program-storage.ts'
export {
  callApi,
  getCurrentlyPlaying,
  getCurrentUser,
  openSession,
  type Session,
  type SessionOptions,
} from './library/session.ts'
export type { HttpResponse } from './network/http.ts'
export { readScopes } from './oauth/scopes.ts'
export type { Credential, Ending, User } from './session/credential.ts'
export type { ApiRequest } from './web-api/client.ts'
export type { Playback } from './web-api/playback.ts'
