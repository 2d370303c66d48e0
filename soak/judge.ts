import type { Absence } from './absence.ts'
import { fickleHelper } from './fickle-helper.ts'
import type { Figures, Rotation } from './figures.ts'
import type { Ledger } from './ledger.ts'
import type { Period } from './period.ts'
import type { Report } from './report.ts'
import { errorCodeOf, type Outcome, type Run } from './run.ts'
import { shortened } from './shorthand.ts'
import { readStored } from './stored.ts'

/** Decides whether a process had a reason to fail; a failure without one is reported. */
export interface Judge {
  judgeEnd(run: Run, outcome: Outcome): void
  /** Spotify refuses a refresh token. Each login is judged once, however many processes find it ended. */
  judgeRefusal(refreshToken: string, run?: Run, outcome?: Outcome): void
}

interface Parts {
  rotation: Rotation
  credentialFile: string
  ledger: Ledger
  absence: Absence
  /** While somebody changes the login. */
  change: Period
  report: Report
  figures: Pick<Figures, 'lost_to_kill'>
}

export function createJudge(parts: Parts): Judge {
  const { rotation, credentialFile, ledger, absence, change, report, figures } = parts
  return { judgeEnd, judgeRefusal }

  function judgeEnd(run: Run, outcome: Outcome): void {
    if (run.killed || outcome.code === 0) return
    if (errorCodeOf(outcome) === 'busy') report.fail('stuck', 'it did not get the lock', run, outcome)
    else if (isExplained(run, outcome) || isPaused(outcome)) return
    else if (outcome.code === 4 && run.args[0] !== 'login') judgeLoss(run, outcome)
    else report.fail('other', 'it failed without a reason', run, outcome)
  }

  /** A command says that it needs a login: may it? */
  function judgeLoss(run: Run, outcome: Outcome): void {
    if (errorCodeOf(outcome) === 'login_required') {
      absence.noteMissing('it finds no login', run.startedAtMs, run, outcome)
      return
    }
    const stored = readStored(credentialFile)
    const refused = stored?.ended ? stored.refreshToken : run.exchanges.at(-1)?.presented
    if (refused !== undefined) judgeRefusal(refused, run, outcome)
    // A new login may have replaced the one that it read; that one was judged when the new one began.
    else if (!change.hasBeenOnSince(run.startedAtMs))
      report.fail('lost', 'it says that the login has ended', run, outcome)
  }

  function judgeRefusal(refused: string, run?: Run, outcome?: Outcome): void {
    const verdict = ledger.judge(refused)
    if (verdict === 'kill' && rotation === 'strict') figures.lost_to_kill++
    else if (verdict) report.fail('lost', `${shortened(refused)} is refused`, run, outcome)
  }
}

/** Whether it failed as it should at what was done to it. */
function isExplained({ mishap, struckAtMs, metServerFault }: Run, outcome: Outcome): boolean {
  if (mishap.kind === 'signal' && struckAtMs && isEndBy(mishap.signal, outcome)) return true
  if (outcome.code === 6) return metServerFault
  if (outcome.code !== 7) return false
  return mishap.kind === 'full disk' || (mishap.kind !== 'spared' && isOfHelper(outcome))
}

/** Whether it did not ask because a refresh has just failed; that one's process had a reason of its own. */
function isPaused({ code, stderr }: Outcome): boolean {
  const culprit =
    code === 7 ? 'The credential helper of this login failed' : 'Spotify could not refresh this login'
  return (code === 6 || code === 7) && stderr.includes(`${culprit} a moment ago`)
}

/** Whether it failed because the credential helper did. */
function isOfHelper({ stderr }: Outcome): boolean {
  return stderr.includes(`docker-credential-${fickleHelper} `)
}

function isEndBy(sent: NodeJS.Signals, { code, signal }: Outcome): boolean {
  return signal === sent || code === (sent === 'SIGINT' ? 130 : 143)
}
