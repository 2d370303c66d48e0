import { vi } from 'vitest'
import { openSession, SpotifyAuthError } from '../../src/index.ts'
import type { Credential } from '../../src/session/credential.ts'
import { parseCredential } from '../../src/session/credential-text.ts'
import { installHelper } from './credential-helper.ts'
import { perform } from './in-process.ts'
import { issueCredential, type Sandbox } from './sandbox.ts'
import type { StandIn } from './stand-in.ts'
import { logInWith } from './with-helper.ts'

/** What came of asking one storage for a valid token. */
interface Asked {
  accessToken?: string
  /** The code of the error. */
  error?: string
  /** What the storage holds afterwards; undefined where nothing outside of the process can see it. */
  kept?: Pick<Credential, 'refreshToken' | 'ended'>
}

/** A way to keep a login whose access token has run out, and to ask for a valid one: in this process, one at a time. */
export type Ask = (sandbox: Sandbox, standIn: StandIn) => Promise<Asked & { before: Credential }>

const expired = () => ({ expiresAtMs: Date.now() - 1_000 })

/** Asks `token`, and reads what it printed. */
async function askProgram(sandbox: Sandbox, env: Record<string, string> = {}): Promise<Asked> {
  const asked = perform({ env: { ...sandbox.env, ...env } }, ['token', '--json'])
  return orCode(asked.then(({ stdout }) => ({ accessToken: JSON.parse(stdout).access_token })))
}

/** What came of it, or the code of the error that it has ended with. */
async function orCode(asking: Promise<Asked>): Promise<Asked> {
  try {
    return await asking
  } catch (error) {
    if (error instanceof SpotifyAuthError) return { error: error.code }
    throw error
  }
}

/** The kinds of storage, by name. */
export const storages: Record<string, Ask> = {
  async 'the dotfile'(sandbox, standIn) {
    const before = await sandbox.logIn(standIn, expired())
    const asked = await askProgram(sandbox)
    return { ...asked, before, kept: sandbox.readCredential() }
  },

  async 'a credential helper'(sandbox, standIn) {
    const helper = installHelper(sandbox)
    const before = await logInWith(helper, sandbox, standIn, expired())
    const asked = await askProgram(sandbox)
    const [entry] = Object.values(helper.entries())
    const { ended } = sandbox.readCredential()
    return {
      ...asked,
      before,
      kept: { refreshToken: parseCredential(entry?.Secret ?? '').refreshToken, ended },
    }
  },

  async "a program's own store"(sandbox, standIn) {
    const before = await issueCredential(standIn, expired())
    let kept = before
    const store = {
      load: () => kept,
      save(credential: Credential) {
        kept = credential
      },
    }
    for (const [name, value] of Object.entries(sandbox.env)) vi.stubEnv(name, value)
    const asking = openSession({ store }).then(async (session) => ({
      accessToken: await session.accessToken(),
    }))
    const asked = await orCode(asking).finally(() => vi.unstubAllEnvs())
    return { ...asked, before, kept }
  },

  async SPOTIFY_REFRESH_TOKEN(sandbox, standIn) {
    const before = await issueCredential(standIn)
    return { ...(await askProgram(sandbox, { SPOTIFY_REFRESH_TOKEN: before.refreshToken })), before }
  },
}
