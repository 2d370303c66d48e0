import type { Door } from './door.ts'
import type { Logins } from './logins.ts'
import { chooseMishap, chooseMishapOfLogin } from './mishap.ts'
import type { Random } from './random.ts'
import type { Runs } from './runs.ts'

/** What a status bar and scripts run; each is as likely as it is often listed. */
const commands = [
  ['token', '--json'],
  ['token', '--json'],
  ['token', '--refresh', '--json'],
  ['token', '--refresh', '--json'],
  ['now-playing', '--json'],
  ['now-playing', '--json'],
  ['status', '--json'],
] as const

interface Parts {
  random: Random
  runs: Runs
  logins: Logins
}

/** One step of a worker: a command, or a change of the login when one is needed and now and then when not. */
export async function takeStep(door: Door, { random, runs, logins }: Parts): Promise<void> {
  if (!logins.isChanging()) {
    const nextMishap = () => chooseMishapOfLogin(random)
    if (logins.isNeeded()) return logins.logIn(door, nextMishap)
    if (random.chance(0.015)) return logins.logOutAndIn(door, nextMishap)
  }
  await runs.finish(runs.start(door, [...random.pick(commands)], chooseMishap(random)))
}
