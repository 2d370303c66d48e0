import { listOf } from '../untrusted/fields.ts'
import { inBatches } from './batches.ts'
import { callApi, getJson, requireScope } from './client.ts'
import { queryOf } from './query.ts'
import type { WebApi } from './web-api.ts'

/** The most URIs that Spotify takes in one request. */
const most = 40

const toChange = 'user-library-modify'

/** Throws `missing_scope` when the login cannot change the library. */
export function requireLibraryChange(api: WebApi): Promise<void> {
  return requireScope(api, toChange)
}

/** Called after each request with the URIs that it has changed. */
type Changed = (uris: readonly string[]) => Promise<void>

/** Saves tracks, albums, episodes, shows and playlists to the user's library (`PUT /me/library`). */
export function saveToLibrary(api: WebApi, uris: readonly string[], tell: Changed): Promise<void> {
  return change(api, 'PUT', uris, tell)
}

/** Removes them from it (`DELETE /me/library`). */
export function removeFromLibrary(api: WebApi, uris: readonly string[], tell: Changed): Promise<void> {
  return change(api, 'DELETE', uris, tell)
}

/** Asks whether they are in it, each in its place (`GET /me/library/contains`). */
export async function isSaved(api: WebApi, uris: readonly string[]): Promise<boolean[]> {
  const answers = await inBatches(uris, most, (some) =>
    getJson(api, {
      path: `/me/library/contains${queryOf({ uris: some.join() })}`,
      scope: 'user-library-read',
      retry: true,
    }),
  )
  return answers.flatMap(listOf).map((answer) => answer === true)
}

async function change(
  api: WebApi,
  method: 'PUT' | 'DELETE',
  uris: readonly string[],
  tell: Changed,
): Promise<void> {
  await inBatches(uris, most, async (some) => {
    await callApi(api, {
      method,
      path: `/me/library${queryOf({ uris: some.join() })}`,
      scope: toChange,
    })
    await tell(some)
  })
}
