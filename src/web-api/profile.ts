import { fieldsOf } from '../fields.ts'
import type { Credential, User } from '../session/credential.ts'
import { getJson, getJsonAs, type World } from './client.ts'

/** Who is logged in (`GET /me`). */
export async function currentUser(world: World): Promise<User | undefined> {
  return readUser(await getJson(world, { path: '/me' }))
}

/** Whose login this is, asked with its access token as it is. */
export async function userOf(world: World, credential: Credential): Promise<User | undefined> {
  return readUser(await getJsonAs(world, '/me', credential))
}

function readUser(answer: unknown): User | undefined {
  const { id, display_name } = fieldsOf(answer)
  if (typeof id !== 'string' || id === '') return undefined
  return { id, displayName: typeof display_name === 'string' ? display_name : null }
}
