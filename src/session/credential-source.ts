import { type Credential, isFresh } from './credential.ts'
import type { RefreshableLogin } from './refresh.ts'
import { requireLogin } from './require-login.ts'

/** Hands out one login with a valid access token, which is refreshed when that is due. */
export interface CredentialSource {
  /** The login as it is kept, whatever time its access token has left; throws `login_required` and `login_expired`. */
  stored(): Promise<Credential>
  /**
   * The login as it is kept where its access token is valid for another `minTtlSeconds` (60), else refreshed and saved.
   * An access token with less time left is handed out while another process holds the lock for too long, and in the
   * time after a failed refresh in which Spotify is not asked again. Throws `login_required` or `login_expired` when
   * only a new login helps, and whatever else kept a refresh from happening.
   */
  getValid(options?: { minTtlSeconds?: number }): Promise<Credential>
  /**
   * Refreshes the access token whatever time it has left, unless the one that is kept is no longer that of `refused`:
   * then somebody else has refreshed it. Without `refused`, Spotify is asked even where it has just failed to refresh.
   * Throws as `getValid` does.
   */
  refresh(refused?: Credential): Promise<Credential>
}

/** The source that a command has of its login, which can also refresh it ahead of time. */
export interface OwnCredentialSource extends CredentialSource {
  /** Refreshes the access token if it is in its last minutes, and nobody else is about to. Throws as `getValid` does. */
  refreshAhead(): Promise<Credential>
}

/** What a source does besides handing out the login. */
interface SourceOptions {
  /** Lets a valid access token be refreshed in its last `seconds`, for which nobody waits: `start` returns at once. */
  ahead?: { seconds: number; start(): void }
  /** Called with each login that `getValid` has read. */
  onRead?(credential: Credential): Promise<void>
}

/**
 * Hands out a login, and refreshes it where that is due. Calls that come while the token that they have read is being
 * refreshed share that; those that have read another one, of a newer login perhaps, begin when it is over.
 */
export function createCredentialSource(
  login: RefreshableLogin,
  { ahead, onRead }: SourceOptions = {},
): OwnCredentialSource {
  const { storage, accounts, now } = login
  const aheadSeconds = ahead?.seconds ?? 0
  const stored = async () => requireLogin(await storage.read(), accounts.commandLine)
  const isValidFor = (seconds: number) => (credential: Credential) => isFresh(credential, now(), seconds)

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
      if (isValidFor(Math.max(minTtlSeconds, aheadSeconds))(credential)) return credential
      if (isValidFor(minTtlSeconds)(credential)) {
        ahead?.start()
        return credential
      }
      const { orMeanwhile, refresh } = await import('./refresh.ts')
      const refreshing = share(credential.accessToken, () =>
        refresh(login, { isFreshEnough: isValidFor(minTtlSeconds) }),
      )
      return orMeanwhile(refreshing, login, isValidFor(0))
    },
    async refresh(refused) {
      const { accessToken } = refused ?? (await stored())
      const isAnother = (credential: Credential) =>
        credential.accessToken !== accessToken && isValidFor(60)(credential)
      const { orMeanwhile, refresh } = await import('./refresh.ts')
      const ask = () => {
        const refreshing = share(accessToken, () =>
          refresh(login, { isFreshEnough: isAnother, ignoresBackoff: !refused }),
        )
        return orMeanwhile(refreshing, login, isAnother)
      }
      const credential = await ask()
      // The one that was under way may have been content with this token.
      return credential.accessToken === accessToken ? ask() : credential
    },
    async refreshAhead() {
      const { orMeanwhile, refresh } = await import('./refresh.ts')
      const refreshing = refresh(login, { isFreshEnough: isValidFor(aheadSeconds), waitMs: 0 })
      return orMeanwhile(refreshing, login, isValidFor(60))
    },
  }
}
