import type { HelperContext } from './credential-helper.ts'
import type { LoginStorage } from './storage.ts'

/**
 * Keeps the refresh token and the app's secret of a login with the credential helper that it names, and the rest in
 * `storage`. Where only the access token is asked for, no helper is started.
 */
export function helperStorage(storage: LoginStorage, context: HelperContext): LoginStorage {
  return {
    read: () => storage.read(),
    async lock(work, waitMs) {
      // Most commands only read.
      const { withHelper } = await import('./helper-lock.ts')
      return storage.lock((login) => work(withHelper(context, login)), waitMs)
    },
  }
}
