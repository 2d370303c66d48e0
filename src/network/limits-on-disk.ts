import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Place } from '../settings/environment.ts'
import { makePrivateDirectories } from '../system/private-directory.ts'
import { parseFields } from '../untrusted/fields.ts'
import type { LimitMemory } from './rate-limits.ts'

/** Keeps limits in files, for all commands of the profile. */
export function limitsOnDisk({ home, profile }: Place): LimitMemory {
  const fileOf = (server: string) => join(home, 'limits', `${profile}.${server}.json`)
  return {
    get(server) {
      let text: string
      try {
        text = readFileSync(fileOf(server), 'utf8')
      } catch {
        return undefined
      }
      const { until_ms, quota } = parseFields(text)
      return typeof until_ms === 'number' ? { untilMs: until_ms, quota: quota === true } : undefined
    },
    set(server, { untilMs, quota }) {
      const file = fileOf(server)
      const temporary = `${file}.tmp`
      try {
        makePrivateDirectories(home, dirname(file))
        writeFileSync(temporary, JSON.stringify({ until_ms: untilMs, quota }), { mode: 0o600 })
        renameSync(temporary, file)
      } catch {
        // Then every command finds out for itself.
      }
    },
  }
}
