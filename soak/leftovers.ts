import fs from 'node:fs'
import path from 'node:path'
import type { Report } from './report.ts'

const ownFiles = [
  'default.json',
  'default.lock',
  'default.reminded',
  'default.helpers',
  'default.helpers.new',
  'default.helper-call',
]

/** A save under way, or one that a kill has left: the next holder of the lock takes it over or removes it. */
export const draft = /^default\.[0-9a-f]{16}\.[0-9a-f]{8}\.tmp$/

/** Finds files beside the credential file that the program has left behind. */
export class Leftovers {
  readonly #directory: string
  readonly #report: Report
  readonly #known = new Set(ownFiles)

  constructor(credentialFile: string, report: Report) {
    this.#directory = path.dirname(credentialFile)
    this.#report = report
  }

  look(): void {
    const leftovers = fs
      .readdirSync(this.#directory)
      .filter((name) => !this.#known.has(name) && !draft.test(name))
    if (leftovers.length === 0) return
    this.#report.fail('other', `left over: ${leftovers.join(', ')}`)
    // They stay where they are, for what they may do to the program, and are told once.
    for (const name of leftovers) this.#known.add(name)
  }
}
