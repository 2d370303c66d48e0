import type { AccountsServer } from '../oauth/spotify-accounts.ts'
import { type Credential, isFresh } from './credential.ts'
import type { RecessPlace } from './recess.ts'
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

interface Needs {
  storage: LoginStorage
  accounts: AccountsServer
  /** The time in Unix milliseconds. */
  now(): number
  /** Where failures to refresh are remembered. */
  failures: RecessPlace
  /** How long before its end an access token is refreshed ahead of time; 0 for never. */
  aheadSeconds: number
  /** Called with each login that `getValid` has read. */
  onRead?(credential: Credential): Promise<void>
}

/** Joins a place where a login is kept to the server that refreshes it. Calls that come while a refresh is under way share it. */
export function createCredentialSource(needs: Needs): CredentialSource {
  const { storage, accounts, now, aheadSeconds, onRead } = needs
  const stored = async () => requireLogin(await storage.read(), accounts.commandLine)
  const isGood = (seconds: number) => (credential: Credential) => isFresh(credential, now(), seconds)

  let underWay: Promise<Credential> | undefined
  const share = (start: () => Promise<Credential>) => {
    underWay ??= start().finally(() => {
      underWay = undefined
    })
    return underWay
  }

  return {
    stored,
    async getValid({ minTtlSeconds = 60 } = {}) {
      const credential = await stored()
      await onRead?.(credential)
      if (isGood(Math.max(minTtlSeconds, aheadSeconds))(credential)) return credential
      const { refresh, refreshAhead } = await import('./refresh.ts')
      return isGood(minTtlSeconds)(credential)
        ? refreshAhead(needs, credential, isGood(aheadSeconds))
        : share(() => refresh(needs, { isGood: isGood(minTtlSeconds), willDo: isGood(0) }))
    },
    async refresh(refused) {
      const { accessToken } = refused ?? (await stored())
      const isAnother = (credential: Credential) =>
        credential.accessToken !== accessToken && isGood(60)(credential)
      const { refresh } = await import('./refresh.ts')
      return share(() => refresh(needs, { isGood: isAnother, willDo: isAnother, insists: !refused }))
    },
  }
}
