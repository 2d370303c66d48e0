import { createContext } from '../context.ts'
import type { World } from '../web-api/client.ts'

/** Nobody reads what a library says by the way. */
const silence = { isTerminal: false, columns: 80, write() {} }

/** The world of a stored login: the same files, addresses and proxies as those of the command line. */
export function worldOfProfile(profile?: string): World {
  const { env, now, home, profile: name, accountsUrl, apiUrl, request } = createContext(process, { profile })
  return { env, now, home, profile: name, stderr: silence, accountsUrl, apiUrl, request }
}

/** A world without files: what a 429 asks for is remembered by the process. */
export function worldWithoutFiles(): World {
  const { env, now, accountsUrl, apiUrl, request } = createContext(process, {})
  const addresses = { accountsUrl, apiUrl, request }
  // Nothing below asks for a home or a profile where limits and login are given.
  return {
    ...addresses,
    env,
    now,
    home: '',
    profile: 'default',
    stderr: silence,
    limits: new Map(),
  }
}
