import { createContext } from '../context.ts'
import { createRateLimits, type RateLimits } from '../network/rate-limits.ts'
import type { AccountsServer } from '../oauth/spotify-accounts.ts'
import { createCredentialSource } from '../session/credential-source.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { type CredentialStore, programStorage } from './program-storage.ts'
import { refreshInProcess } from './refresh-in-process.ts'

/** A library does not write to the terminal of the program that uses it. */
const silence = { isTerminal: false, columns: 80, write() {} }

/** The Web API on a login of the command line: with the same files, addresses and proxies. */
export function profileApi(profile?: string): WebApi {
  const options = { stderr: silence, refreshAhead: refreshInProcess }
  const { apiUrl, request, limits, credentials, now, commandLine } = createContext(
    process,
    { profile },
    options,
  )
  return { apiUrl, request, limits, credentials, now, commandLine }
}

/** The limits of this process, by the servers that set them: a server opens sessions for many users of one app. */
const limitsOf = new Map<string, RateLimits>()

/** The accounts server without files: what a 429 asks for is remembered by the process. */
export function accountsServer(): AccountsServer & Pick<WebApi, 'apiUrl' | 'now'> {
  const { now, accountsUrl, apiUrl, request } = createContext(process, {})
  const servers = `${accountsUrl} ${apiUrl}`
  const limits = limitsOf.get(servers) ?? createRateLimits(new Map(), now)
  limitsOf.set(servers, limits)
  return {
    accountsUrl,
    apiUrl,
    request,
    now,
    limits,
    commandLine: (words) => `spotify-auth ${words}`,
  }
}

/** The Web API on each store that a program has opened a session on: a server may do so for each of its requests. */
const storeApis = new WeakMap<CredentialStore, WebApi>()

/** The Web API on a login in the caller's own store. Sessions on the same store share their refreshes. */
export function storeApi(store: CredentialStore): WebApi {
  const known = storeApis.get(store)
  if (known) return known
  const accounts = accountsServer()
  const { now, commandLine } = accounts
  const credentials = createCredentialSource({
    storage: programStorage(store),
    accounts,
    now,
    failures: { limitMemory: new Map(), profile: '', now, commandLine },
  })
  const api = { ...accounts, credentials }
  storeApis.set(store, api)
  return api
}
