import { createContext } from '../context.ts'
import { createCredentialSource } from '../session/credential-source.ts'
import type { AnyWebApi } from '../web-api/web-api.ts'
import { type CredentialStore, programStorage } from './program-storage.ts'
import { refreshInProcess } from './refresh-in-process.ts'
import { spotifyServers } from './spotify-servers.ts'

/** A library does not write to the terminal of the program that uses it. */
const silence = { isTerminal: false, columns: 80, write() {} }

/** The Web API on each login of the environment, by the variables that make it: only their first session reads them. */
const environmentApis = new Map<string, AnyWebApi>()

/**
 * The Web API on a login of the command line: with the same files, addresses and proxies. Where SPOTIFY_REFRESH_TOKEN
 * is set, it is on that login, as on the command line; sessions on it share their refreshes, because only they know the
 * tokens that Spotify gives.
 */
export function profileApi(profile?: string): AnyWebApi {
  const { SPOTIFY_REFRESH_TOKEN, SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET } = process.env
  if (!SPOTIFY_REFRESH_TOKEN) return openProfileApi(profile)
  const { accountsUrl, apiUrl } = spotifyServers()
  const login = [SPOTIFY_REFRESH_TOKEN, SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET, accountsUrl, apiUrl].join(
    ' ',
  )
  const api = environmentApis.get(login) ?? openProfileApi()
  environmentApis.set(login, api)
  return api
}

function openProfileApi(profile?: string): AnyWebApi {
  const { apiUrl, request, limits, credentials, now, commandLine } = createContext(
    process,
    { profile },
    { stderr: silence, refreshAhead: refreshInProcess },
  )
  return { apiUrl, request, limits, credentials, now, commandLine }
}

/** The Web API on each store that a program has opened a session on: a server may do so for each of its requests. */
const storeApis = new WeakMap<CredentialStore, AnyWebApi>()

/** The Web API on a login in the caller's own store. Sessions on the same store share their refreshes. */
export function storeApi(store: CredentialStore): AnyWebApi {
  const api = storeApis.get(store) ?? openStoreApi(store)
  storeApis.set(store, api)
  return api
}

function openStoreApi(store: CredentialStore): AnyWebApi {
  const servers = spotifyServers()
  const { now, commandLine } = servers
  const credentials = createCredentialSource({
    storage: programStorage(store),
    accounts: servers,
    now,
    failures: { limitMemory: new Map(), profile: '', now, commandLine },
  })
  return { ...servers, credentials }
}
