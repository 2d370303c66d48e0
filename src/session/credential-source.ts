import type { AccountsServer } from '../oauth/spotify-accounts.ts'
import { type Credential, isFresh } from './credential.ts'
import type { BackoffPlace } from './refresh-backoff.ts'
import { requireLogin } from './require-login.ts'
import type { LoginStorage } from './storage.ts'

/** Hands out one login with a valid access token, which is refreshed when that is due. */
export interface CredentialSource {
  /** The login as it is kept, whatever time its access token has left; throws `login_required` and `login_expired`. */
  stored(): Promise<Credential>
  /**
   * The login with an access token that is valid for at least `minTtlSeconds` (60): as it is kept, or refreshed and
   * saved. Throws `login_required` or `login_expired` when only the browser helps, and what kept a refresh from happening.
   */
  getValid(options?: { minTtlSeconds?: number }): Promise<Credential>
  /**
   * Refreshes the access token whatever time it has left, unless somebody else has done so since `refused` was handed
   * out. Without `refused` also where that has just failed. Throws as `getValid` does.
   */
  refresh(refused?: Credential): Promise<Credential>
}

/** The one that is made for a login, and not a view of it. */
export interface OwnCredentialSource extends CredentialSource {
  /** Refreshes the access token if it is in its last minutes, and nobody else is about to. Throws as `getValid` does. */
  refreshAhead(): Promise<Credential>
}

interface Needs {
  storage: LoginStorage
  accounts: AccountsServer
  /** The time in Unix milliseconds. */
  now(): number
  /** Where failures to refresh are remembered. */
  failures: BackoffPlace
  /** Lets a valid access token be refreshed in its last `seconds`, for which nobody waits: `start` returns at once. */
  ahead?: { seconds: number; start(): void }
  /** Called with each login that `getValid` has read. */
  onRead?(credential: Credential): Promise<void>
}

/**
 * Joins a place where a login is kept to the server that refreshes it. Calls that come while the token that they have
 * read is being refreshed share that; those that have read another one, of a newer login perhaps, begin when it is over.
 */
export function createCredentialSource(needs: Needs): OwnCredentialSource {
  const { storage, accounts, now, ahead, onRead } = needs
  const aheadSeconds = ahead?.seconds ?? 0
  const stored = async () => requireLogin(await storage.read(), accounts.commandLine)
  const isGood = (seconds: number) => (credential: Credential) => isFresh(credential, now(), seconds)

  let underWay: { accessToken: string; result: Promise<Credential> } | undefined
  const share = async (accessToken: string, start: () => Promise<Credential>) => {
    while (underWay && underWay.accessToken !== accessToken) await underWay.result.catch(() => {})
    underWay ??= {
      accessToken,
      result: start().finally(() => {
        underWay = undefined
      }),
    }
    return underWay.result
  }

  return {
    stored,
    async getValid({ minTtlSeconds = 60 } = {}) {
      const credential = await stored()
      await onRead?.(credential)
      if (isGood(Math.max(minTtlSeconds, aheadSeconds))(credential)) return credential
      if (isGood(minTtlSeconds)(credential)) {
        ahead?.start()
        return credential
      }
      const { refresh } = await import('./refresh.ts')
      return share(credential.accessToken, () =>
        refresh(needs, { isGood: isGood(minTtlSeconds), willDo: isGood(0) }),
      )
    },
    async refresh(refused) {
      const { accessToken } = refused ?? (await stored())
      const isAnother = (credential: Credential) =>
        credential.accessToken !== accessToken && isGood(60)(credential)
      const { refresh } = await import('./refresh.ts')
      const ask = () =>
        share(accessToken, () => refresh(needs, { isGood: isAnother, willDo: isAnother, insists: !refused }))
      const credential = await ask()
      // The one that was under way may have been content with this token.
      return credential.accessToken === accessToken ? ask() : credential
    },
    async refreshAhead() {
      const { refresh } = await import('./refresh.ts')
      return refresh(needs, { isGood: isGood(aheadSeconds), willDo: isGood(60), waitMs: 0 })
    },
  }
}
