import { fieldsOf } from '../fields.ts'
import type { User } from '../session/credential.ts'
import { getJson } from './client.ts'

/** Who is logged in (`GET /me`). */
export async function currentUser(world: Parameters<typeof getJson>[0]): Promise<User | undefined> {
  const { id, display_name } = fieldsOf(await getJson(world, '/me'))
  if (typeof id !== 'string' || id === '') return undefined
  return { id, displayName: typeof display_name === 'string' ? display_name : null }
}
