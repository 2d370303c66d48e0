import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { followLogin } from '../test/support/follow-login.ts'
import { visit } from '../test/support/visit.ts'
import type { Absence } from './absence.ts'
import type { Door } from './door.ts'
import { fickleHelper } from './fickle-helper.ts'
import type { Figures } from './figures.ts'
import type { Judge } from './judge.ts'
import type { Ledger } from './ledger.ts'
import type { Mishap } from './mishap.ts'
import type { Period } from './period.ts'
import type { Random } from './random.ts'
import type { Report } from './report.ts'
import type { Run } from './run.ts'
import type { Runs } from './runs.ts'
import { readStored } from './stored.ts'

/** Changes who is logged in; one change at a time. */
export interface Logins {
  isChanging(): boolean
  /** Whether the login on disk is missing or has ended. */
  isNeeded(): boolean
  /** Tries, each time with another mishap, until a login succeeds or the time is over. */
  logIn(door: Door, nextMishap: () => Mishap): Promise<void>
  logOutAndIn(door: Door, nextMishap: () => Mishap): Promise<void>
}

interface Parts {
  credentialFile: string
  random: Random
  runs: Runs
  ledger: Ledger
  judge: Judge
  absence: Absence
  change: Period
  report: Report
  figures: Pick<Figures, 'logins'>
  isOver(): boolean
  hasHelper: boolean
}

export function createLogins(parts: Parts): Logins {
  const { credentialFile, random, runs, ledger, judge, absence, change, report, figures, isOver, hasHelper } =
    parts
  return {
    isChanging: () => change.isOn,
    isNeeded() {
      const stored = readStored(credentialFile)
      return !stored || stored.ended !== undefined
    },
    logIn: (door, nextMishap) =>
      changing(async () => {
        judgeStored()
        await logInAtLast(door, nextMishap)
      }),
    logOutAndIn: (door, nextMishap) =>
      changing(async () => {
        await logOut(door, nextMishap())
        await logInAtLast(door, nextMishap)
      }),
  }

  async function changing(work: () => Promise<void>): Promise<void> {
    change.begin()
    try {
      await work()
    } finally {
      change.end()
    }
  }

  /** Once a new login has taken its place, nobody can find out any more what became of the old one. */
  function judgeStored(): void {
    const stored = readStored(credentialFile)
    if (stored?.ended) judge.judgeRefusal(stored.refreshToken)
    if (fs.existsSync(credentialFile)) return
    absence.noteMissing('there is no login', Date.now())
    // It has been told: commands that find none until the new login is there need not tell it again.
    absence.allow()
  }

  async function logOut(door: Door, mishap: Mishap): Promise<void> {
    absence.allow()
    const run = runs.start(door, ['logout'], mishap)
    const outcome = await runs.finish(run)
    await sleep(random.below(200))
    if (outcome.code === 0 && fs.existsSync(credentialFile))
      report.fail('other', 'the login is back after a logout', run, outcome)
  }

  async function logInAtLast(door: Door, nextMishap: () => Mishap): Promise<void> {
    while (!(await tryToLogIn(door, nextMishap())) && !isOver()) {}
  }

  async function tryToLogIn(door: Door, mishap: Mishap): Promise<boolean> {
    const helper = hasHelper ? ['--credential-helper', fickleHelper] : []
    const args = ['login', '--port', '0', '--no-browser', '--timeout', '20', '--json', ...helper]
    const run = runs.start(door, args, mishap)
    const [outcome] = await Promise.all([runs.finish(run), playBrowser(run)])
    if (outcome.code !== 0) return false
    figures.logins++
    const issued = run.exchanges[0]?.answered ?? ''
    const stored = readStored(credentialFile)
    if (!stored || !ledger.areOfOneLogin(stored.refreshToken, issued))
      report.fail('lost', 'the new login is not the one that is stored', run, outcome)
    absence.end()
    return true
  }
}

async function playBrowser(run: Run): Promise<void> {
  let url: string | undefined
  while (!url && !run.hasEnded()) {
    await sleep(10)
    url = /^\S+\/authorize\?\S+$/m.exec(run.stderr())?.[0]
  }
  // A login that was killed cannot be called back; one that was not says itself what failed.
  if (url)
    await followLogin(url, 'agree')
      .then(visit)
      .catch(() => {})
}
