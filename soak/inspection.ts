import type { Door } from './door.ts'
import type { Leftovers } from './leftovers.ts'
import type { Logins } from './logins.ts'
import type { Mishap } from './mishap.ts'
import type { Report } from './report.ts'
import { errorCodeOf } from './run.ts'
import type { Runs } from './runs.ts'
import type { Spotify } from './spotify.ts'

const spared: Mishap = { kind: 'spared' }

/** The bound of what the stand-in remembers. */
const tokenRequestsPerStandIn = 5_000

/** How long the lock may take to be had when nobody else wants it, beside what a slow machine takes for a refresh. */
const longestWaitMs = 2_000

/** What comes on top where a helper is asked under the lock, and one that a kill has left at work is waited for. */
const longestHelperMs = 4_000

/** A refresh takes as long as a few starts: more of the program is read, and more is written to the disk. */
const startsOfRefresh = 3

interface Parts {
  door: Door
  runs: Runs
  spotify: Spotify
  logins: Logins
  leftovers: Leftovers
  report: Report
  isOver(): boolean
  hasHelper: boolean
}

/** While all workers rest and nothing goes wrong: does the program work after all that has happened to it? */
export async function inspect({ spotify, logins, leftovers, ...parts }: Parts): Promise<void> {
  if (spotify.tokenRequests() > tokenRequestsPerStandIn && !parts.isOver()) {
    await spotify.restart()
    await logins.logIn(parts.door, () => spared)
  }
  await probeLock(parts)
  leftovers.look()
}

async function probeLock({
  door,
  runs,
  report,
  hasHelper,
}: Pick<Parts, 'door' | 'runs' | 'report' | 'hasHelper'>): Promise<void> {
  const plain = runs.start(door, ['status', '--json'], spared)
  await runs.finish(plain)
  const plainMs = Date.now() - plain.startedAtMs
  const run = runs.start(door, ['token', '--refresh', '--json'], spared)
  const outcome = await runs.finish(run)
  // The request is made under the lock, and who does not get it may still end well: with a token that is valid.
  // What starting takes here and now is no waiting.
  const waitedMs = (run.requestedAtMs ?? Date.now()) - run.startedAtMs - plainMs
  const mayWaitMs = longestWaitMs + startsOfRefresh * plainMs + (hasHelper ? longestHelperMs : 0)
  if (waitedMs > mayWaitMs && errorCodeOf(outcome) !== 'busy')
    report.fail('stuck', `alone, it waited ${waitedMs} ms for the lock`, run, outcome)
}
