import { closeSync, statSync } from 'node:fs'
import { systemCode } from '../errors.ts'
import type { KernelLock } from './kernel-lock.ts'
import { openPrivateFile } from './private-file.ts'

interface Sqlite {
  DatabaseSync: new (file: string) => { exec(sql: string): void; close(): void }
}

/** What SQLite says while another connection has the database. */
const busy = 5

/**
 * The lock of `node:sqlite` on an empty database beside the file: the file itself holds the line of the journal, and SQLite would lose its
 * lock if this process closed another descriptor of it. Undefined where Node has no SQLite (before 22.13).
 */
export async function load(): Promise<KernelLock | undefined> {
  const sqlite = withoutWarning(() => process.getBuiltinModule('node:sqlite') as Sqlite | undefined)
  return (
    sqlite && {
      async tryLock(file) {
        const name = `${file}.db`
        makeWhereMissing(name)
        const before = identityOf(name)
        const database = new sqlite.DatabaseSync(name)
        const isHeld = () => identityOf(name) === before
        try {
          // Its journal would be one more file, which a kill leaves behind.
          database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
          return { isHeld, release: () => database.close() }
        } catch (cause) {
          database.close()
          if (cause instanceof Error && 'errcode' in cause && cause.errcode === busy) return undefined
          throw new Error(cause instanceof Error ? cause.message : String(cause), { cause })
        }
      },
    }
  )
}

/** Some versions of Node call it experimental, on standard error. */
function withoutWarning<T>(load: () => T): T {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return load()
  } finally {
    process.emitWarning = emitWarning
  }
}

/** SQLite would make it readable for all. One that is there is not opened, which would mean to close it. */
function makeWhereMissing(file: string): void {
  if (identityOf(file) !== undefined) return
  try {
    closeSync(openPrivateFile(file, 'wx'))
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
  }
}

function identityOf(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats && `${stats.dev} ${stats.ino}`
}
