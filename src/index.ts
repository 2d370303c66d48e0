export { type ErrorCode, SpotifyAuthError } from './errors.ts'
export type { HttpAnswer } from './http.ts'
export { beginLogin, completeLogin, type LoginRequest, type PendingLogin } from './library/login.ts'
export type { CredentialStore } from './library/own-store.ts'
export {
  callApi,
  currentlyPlaying,
  currentUser,
  openSession,
  type Session,
  type SessionOptions,
} from './library/session.ts'
export { readScope } from './oauth/scopes.ts'
export type { Credential, Ending, User } from './session/credential.ts'
export type { ApiRequest } from './web-api/client.ts'
export type { Playback } from './web-api/playback.ts'
