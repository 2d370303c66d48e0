import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ProfileLocation } from '../settings/environment.ts'
import { readSmallFile } from '../system/small-file.ts'
import { numberOf, parseFields } from '../untrusted/fields.ts'
import { type LimitMemory, longestLimitMs } from './limit-memory.ts'

/** Keeps limits for all commands of this home, each in a file of its own: `limits/<name>.json`. */
export function limitsOnDisk(place: Pick<ProfileLocation, 'home'>): LimitMemory {
  const directory = () => resolve(place.home, 'limits')
  const fileOf = (name: string) => resolve(directory(), `${encodeURIComponent(name)}.json`)
  const load = () => import('./limit-files.ts')
  return {
    keys() {
      // Mostly there is none: to be told so by an error takes much longer.
      if (!existsSync(directory())) return []
      try {
        return readdirSync(directory()).map((file) => decodeURIComponent(file.replace(/\.json$/, '')))
      } catch {
        return []
      }
    },
    get(name) {
      if (!existsSync(fileOf(name))) return undefined
      let text: string
      try {
        text = readSmallFile(fileOf(name)).toString()
      } catch {
        return undefined
      }
      const { set_at_ms, for_ms } = parseFields(text)
      const [setAtMs, forMs] = [numberOf(set_at_ms), numberOf(for_ms)]
      if (setAtMs === null || forMs === null) return undefined
      return { setAtMs, forMs: Math.min(forMs, longestLimitMs) }
    },
    set: async (name, limit) => (await load()).writeLimit(place.home, fileOf(name), limit),
    delete: async (name) => (await load()).removeLimit(fileOf(name)),
  }
}
