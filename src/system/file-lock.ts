import { closeSync, fstatSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SpotifyAuthError, systemCode } from '../errors.ts'
import type { KernelLock, TakenLock } from './kernel-lock.ts'
import { loadLock } from './lock-kind.ts'
import { openPrivateFile } from './private-file.ts'

/** Longer than one refresh can take, so that whoever waits sees the end of it. */
const patienceMs = 12_000

/** A lock on a file that this process holds. */
export interface FileLock {
  fd: number
  /** Whether the locked file is still the one of that name: where it was deleted or replaced, others lock another one. */
  isHeld(): boolean
}

/**
 * Does the work while this process alone holds the lock on a file of a home, which is made where it is missing; its
 * directory and the home must be there. The kernel holds the lock and releases it when its holder ends, however it ends.
 * Throws `busy` when it is not free within `waitMs`, `storage` where the system or the disk has no such locks, or not
 * the kind that the home uses, and the system's own error when the file cannot be opened. Waiting ends with the reason
 * of `signal`.
 */
export async function withFileLock<T>(
  home: string,
  file: string,
  work: (lock: FileLock) => Promise<T>,
  waitMs = patienceMs,
  signal?: AbortSignal,
): Promise<T> {
  const endMs = performance.now() + waitMs
  for (;;) {
    const beganMs = performance.now()
    // Looked up and opened again each time, because the home or the file that was waited for may have been replaced.
    const lock = await loadLock(home)
    const fd = openPrivateFile(file, 'a')
    let taken: TakenLock | undefined
    try {
      taken = await take(lock, file, fd)
      const isHeld = () => Boolean(taken?.isHeld()) && isNamed(fd, file) && lock.isOfHome()
      if (isHeld()) return await work({ fd, isHeld })
    } finally {
      taken?.release()
      closeSync(fd)
    }
    signal?.throwIfAborted()
    if (performance.now() >= endMs) throw busy()
    // Some kinds start a program to ask: those who wait must not take all the time of the processor.
    await sleep(10 + Math.random() * 30 + 10 * Math.min(performance.now() - beganMs, 20))
  }
}

async function take(lock: KernelLock, file: string, fd: number): Promise<TakenLock | undefined> {
  try {
    return await lock.tryLock(file, fd)
  } catch (cause) {
    const reason = nameOfError(cause) ?? (cause instanceof Error ? cause.message : cause)
    throw new SpotifyAuthError('storage', `Files in ${dirname(file)} cannot be locked (${reason}).`, {
      hint: 'A network disk may have no locks. Set SPOTIFY_AUTH_HOME to a directory on a disk of this computer, and log in there.',
      cause,
    })
  }
}

/** The name of a system error, even of one that Node has no name for, such as ENOLCK. */
function nameOfError(error: unknown): string | undefined {
  const number = /^Unknown system error -(\d+)/.exec(systemCode(error) ?? '')?.[1]
  if (number === undefined) return systemCode(error)
  return Object.entries(constants.errno).find(([, each]) => each === Number(number))?.[0]
}

function isNamed(fd: number, file: string): boolean {
  const { dev, ino } = fstatSync(fd)
  const named = statSync(file, { throwIfNoEntry: false })
  return named?.ino === ino && named.dev === dev
}

function busy(): SpotifyAuthError {
  return new SpotifyAuthError('busy', 'Another spotify-auth has been changing this login for a while.', {
    hint: 'Try again; if it stays so, look for one that is stopped: pgrep -af spotify-auth',
  })
}
