import { createRequire } from 'node:module'
import { type KernelLock, lockOfDescriptor } from './kernel-lock.ts'

/** The lock of fs-native-extensions (F_OFD_SETLK, flock or LockFileEx); undefined where it has no build. */
export async function load(): Promise<KernelLock | undefined> {
  const addon = requireAddon()
  return (
    addon && {
      tryLock: async (_, fd) => (addon.tryLock(fd) ? lockOfDescriptor : undefined),
    }
  )
}

/** Required, because the first `import()` of a package loads a good deal of Node besides. */
function requireAddon(): typeof import('fs-native-extensions') | undefined {
  const require = createRequire(import.meta.url)
  try {
    return require('fs-native-extensions')
  } catch {
    return undefined
  }
}
