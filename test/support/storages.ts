import type { Credential } from '../../src/session/credential.ts'
import { issueCredential, type Sandbox } from './sandbox.ts'
import { startScript } from './script.ts'
import type { StandIn } from './stand-in.ts'

/** What came of asking one storage for a valid token. */
interface Asked {
  accessToken?: string
  /** The code of the error. */
  error?: string
  /** What the storage holds afterwards; undefined where nothing outside of the process can see it. */
  kept?: Pick<Credential, 'refreshToken' | 'ended'>
}

/** A way to keep a login whose access token has run out, and to ask for a valid one in a process of its own. */
export type Ask = (sandbox: Sandbox, standIn: StandIn) => Promise<Asked & { before: Credential }>

const expired = () => ({ expiresAtMs: Date.now() - 1_000 })

/** Asks `token`, and reads what it printed. */
async function askProgram(sandbox: Sandbox, env: Record<string, string> = {}): Promise<Asked> {
  const { stdout, stderr } = await sandbox.run(['token', '--json'], { env })
  if (stdout) return { accessToken: JSON.parse(stdout).access_token }
  return { error: JSON.parse(stderr.split('\n').findLast((line) => line.startsWith('{')) ?? '{}').error.code }
}

/** The three kinds of storage, by name. */
export const storages: Record<string, Ask> = {
  async 'the dotfile'(sandbox, standIn) {
    const before = await sandbox.logIn(standIn, expired())
    const asked = await askProgram(sandbox)
    return { ...asked, before, kept: sandbox.readCredential() }
  },

  async "a program's own store"(sandbox, standIn) {
    const before = await issueCredential(standIn, expired())
    const lines = `
      import { openSession } from 'spotify-auth-cli'
      let kept = JSON.parse(process.env.LOGIN)
      const store = { load: () => kept, save: (credential) => { kept = credential } }
      const asked = await openSession({ store }).then(
        async (session) => ({ accessToken: await session.accessToken() }),
        (error) => ({ error: error.code }),
      )
      console.log(JSON.stringify({ ...asked, kept }))`
    const { stdout, stderr } = await startScript(lines, { ...sandbox.env, LOGIN: JSON.stringify(before) })
      .outcome
    if (stderr) throw new Error(stderr)
    return { ...JSON.parse(stdout), before }
  },

  async SPOTIFY_REFRESH_TOKEN(sandbox, standIn) {
    const before = await issueCredential(standIn)
    return { ...(await askProgram(sandbox, { SPOTIFY_REFRESH_TOKEN: before.refreshToken })), before }
  },
}
