/**
 * A kind of lock on files that the kernel holds for a process, and releases when that ends, however it ends. The kinds
 * do not know each other: two processes exclude each other only if both take the same one.
 */
export interface KernelLock {
  /** Takes the lock on an open file; undefined while somebody else has it. Throws where the disk has no such locks. */
  tryLock(file: string, fd: number): Promise<TakenLock | undefined>
}

export interface TakenLock {
  /** Whether it still stands where others look for it. */
  isHeld(): boolean
  release(): void
}

/** A lock that belongs to the open file alone: closing that lets go of it. */
export const lockOfDescriptor: TakenLock = { isHeld: () => true, release() {} }
