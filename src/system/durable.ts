import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { openPrivateFile } from './private-file.ts'

/** Makes a file, writes it and syncs it; returns it open. Leaves nothing behind where that fails. */
export function writeSynced(file: string, bytes: Buffer): number {
  const fd = openPrivateFile(file, 'wx')
  try {
    writeWhole(fd, bytes)
    fsyncSync(fd)
    return fd
  } catch (error) {
    closeSync(fd)
    removeQuietly(file)
    throw error
  }
}

/** Writes from the start of the file; a disk that is nearly full takes a part without an error, until it is asked again. */
export function writeWhole(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(fd, bytes, written, bytes.length - written, written)
  }
}

/** Makes a rename or removal itself durable; Windows has no such call and needs none. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(directory, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** What is in the way of a save is reported by the save itself. */
export function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {}
}
