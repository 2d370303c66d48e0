import type { Credential, User } from '../session/credential.ts'
import { fieldsOf } from '../untrusted/fields.ts'
import { getJson } from './client.ts'
import type { AnyWebApi } from './web-api.ts'

/** Asks who is logged in (`GET /me`); undefined where Spotify does not say. */
export async function getCurrentUser(api: AnyWebApi): Promise<User | undefined> {
  return readUser(await getJson(api, { path: '/me' }))
}

/** Asks whose this credential is, with its access token as it is (`GET /me`). */
export function getUserOf(
  api: Omit<AnyWebApi, 'credentials'>,
  credential: Credential,
): Promise<User | undefined> {
  const asItIs = async () => credential
  return getCurrentUser({ ...api, credentials: { stored: asItIs, getValid: asItIs, refresh: asItIs } })
}

function readUser(body: unknown): User | undefined {
  const { id, display_name } = fieldsOf(body)
  if (typeof id !== 'string' || id === '' || id.length > longest) return undefined
  return { id, displayName: typeof display_name === 'string' ? shortened(display_name) : null }
}

/** Much longer than Spotify's are; what is longer must not make the file with the login too large to be read back. */
const longest = 200

function shortened(text: string): string {
  return [...text.slice(0, longest)].filter((character) => character.isWellFormed()).join('')
}
