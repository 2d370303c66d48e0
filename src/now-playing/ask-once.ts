import { closeSync, constants, openSync } from 'node:fs'
import { stampOf } from '../system/stamp.ts'

/** Something that processes ask Spotify for in turn, and share in a file. */
export interface Shared<T> {
  /** Whether a shared answer will do. */
  isGood(answer: T): boolean
  /** What is known without asking. */
  read(): Promise<T | undefined> | T | undefined
  /** Asks Spotify; `before` is the answer before. */
  ask(before?: T): Promise<T>
  /** Replaces the file by what Spotify has answered, as far as that can be done. */
  keep(fresh: T): void
}

/**
 * A good answer, for whoever holds the lock of the file: the shared one, or a new one, which is shared then. A command
 * that replaces, empties or removes the file meanwhile has changed what was asked for, perhaps after Spotify had answered:
 * then Spotify is asked once more.
 */
export async function askOnce<T>(file: string, shared: Shared<T>, isRepeated = false): Promise<T> {
  const { isGood, read, ask, keep } = shared
  const fd = openIfThere(file)
  try {
    const stamp = stampOf(fd ?? file)
    const other = await read()
    if (other !== undefined && isGood(other)) return other
    const fresh = await ask(other)
    if (!isRepeated && stampOf(file) !== stamp) return await askOnce(file, shared, true)
    keep(fresh)
    // It may have been emptied just before it was replaced.
    if (!isRepeated && fd !== undefined && stampOf(fd) !== stamp) return await askOnce(file, shared, true)
    return fresh
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function openIfThere(file: string): number | undefined {
  // There a file that is open cannot be replaced.
  if (process.platform === 'win32') return undefined
  try {
    // Non-blocking: a pipe in its place must not hang every command.
    return openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
}
