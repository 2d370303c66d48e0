import type { Credential } from './credential.ts'
import type { HelperContext } from './credential-helper.ts'
import { fingerprintOf, isFingerprint } from './fingerprint.ts'
import type { HelperEntry } from './helper-entry.ts'
import type { LockedLogin } from './storage.ts'

/** Most logins have no helper. */
const loadEntries = () => import('./helper-entry.ts')

/** A locked login whose secrets are with the credential helper that it names, if it names one. */
export function withHelper(context: HelperContext, login: LockedLogin): LockedLogin {
  const { journal } = login
  /** The login as it was last read. `prove` gives its helper once more what it has just returned: a later store will work. */
  let known: { credential: Credential; prove(): Promise<void> } | undefined

  const takeOver = async ({ credential }: HelperEntry) => {
    const { withoutSecrets } = await loadEntries()
    try {
      const save = await login.prepareSave()
      await save.commit(withoutSecrets(credential))
      journal.close()
    } catch {
      // It is good all the same, and is tried again by the next.
    }
  }
  const proven = async (
    { prove }: NonNullable<typeof known>,
    onKept: Parameters<LockedLogin['prepareSave']>[0],
  ) => {
    try {
      // This looks whether the lock is still there, too: without it others may have given the helper a newer login.
      journal.open()
      await prove()
      return await login.prepareSave(onKept)
    } catch (error) {
      if (!journal.wasOpen) journal.close()
      throw error
    }
  }
  return {
    journal,
    async read(isEnough) {
      const stored = await login.read()
      const helper = stored?.credentialHelper
      known = undefined
      if (!stored || helper === undefined || stored.ended || isEnough?.(stored)) return stored
      const { keep, recall, storeAgain } = await loadEntries()
      const entry = await recall(context, helper, stored)
      if (entry.isNext) await takeOver(entry)
      // Where it has failed to keep the secrets, it is looked at before the dotfile gives them up.
      const store = isFingerprint(stored.refreshToken) ? storeAgain : keep
      known = { credential: entry.credential, prove: () => store(context, helper, entry.text) }
      return entry.credential
    },
    async prepareSave(onKept) {
      const before = known
      if (!before) return login.prepareSave(onKept)
      const save = await proven(before, onKept)
      const { refreshToken } = before.credential
      return {
        abandon: () => save.abandon(),
        async commit(credential) {
          const { entrust, withoutSecrets } = await loadEntries()
          // What the helper has just stored it need not store again.
          const rest =
            credential.refreshToken === refreshToken
              ? withoutSecrets(credential)
              : await entrust(context, credential, fingerprintOf(refreshToken))
          await save.commit(rest)
        },
      }
    },
  }
}
