import { type KernelLock, lockOfDescriptor } from './kernel-lock.ts'

/** The lock of fs-native-extensions (F_OFD_SETLK, flock or LockFileEx); undefined where it has no build. */
export async function load(): Promise<KernelLock | undefined> {
  const addon = await import('fs-native-extensions').catch(() => undefined)
  return (
    addon && {
      tryLock: async (_, fd) => (addon.tryLock(fd) ? lockOfDescriptor : undefined),
    }
  )
}
