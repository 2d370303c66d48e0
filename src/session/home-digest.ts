import { hash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import type { ProfileLocation } from '../settings/environment.ts'

/** What a home is known by outside of it: 16 hexadecimal digits, the same ones however its path is spelled. */
export function homeDigest({ home }: Pick<ProfileLocation, 'home'>): string {
  return hash('sha256', realOf(home)).slice(0, 16)
}

function realOf(home: string): string {
  try {
    return realpathSync(home)
  } catch {
    // It is not there, or out of reach.
    return home
  }
}
