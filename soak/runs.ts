import type { Sandbox } from '../test/support/sandbox.ts'
import type { Door } from './door.ts'
import type { Figures } from './figures.ts'
import type { History } from './history.ts'
import type { Judge } from './judge.ts'
import type { Ledger } from './ledger.ts'
import type { Mishap } from './mishap.ts'
import type { Random } from './random.ts'
import type { Report } from './report.ts'
import { type Outcome, type Run, startRun } from './run.ts'
import { hasFinishedDraft } from './stored.ts'

/** Longer than the program's patience with the lock and its deadline for a request together. */
const longestRunMs = 30_000

/** The processes of the program: each is started with a mishap, awaited, counted and judged. */
export interface Runs {
  start(door: Door, args: string[], mishap: Mishap): Run
  finish(run: Run): Promise<Outcome>
  /** The process that was last started at the door with that Host header. */
  lastAt(host: string): Run | undefined
}

interface Parts {
  sandbox: Sandbox
  random: Random
  ledger: Ledger
  judge: Judge
  report: Report
  history: History
  figures: Pick<
    Figures,
    | 'processes'
    | 'kills'
    | 'kills_in_flight'
    | 'kills_before_rename'
    | 'stops'
    | 'signals'
    | 'full_disks'
    | 'helper_failures'
    | 'kept_in_file'
  >
  /** Kills whatever runs, and whatever is started afterwards; none of these is judged. */
  stop: AbortSignal
}

export function createRuns(parts: Parts): Runs {
  const { sandbox, random, ledger, judge, report, history, figures, stop } = parts
  const lastByHost = new Map<string, Run>()
  stop.addEventListener('abort', () => {
    for (const run of lastByHost.values()) run.kill()
  })

  return {
    start(door, args, mishap) {
      const run = startRun(sandbox, random, door, args, mishap)
      figures.processes++
      lastByHost.set(door.host, run)
      history.noteRun(run)
      if (stop.aborted) run.kill()
      return run
    },
    async finish(run) {
      const watchdog = setTimeout(() => {
        report.fail('stuck', `it has been running for ${longestRunMs} ms`, run)
        run.kill()
      }, longestRunMs)
      const outcome = await run.outcome
      clearTimeout(watchdog)
      if (!run.killed) ledger.noteEnd(run.exchanges)
      count(run, outcome)
      if (!stop.aborted) judge.judgeEnd(run, outcome)
      return outcome
    },
    lastAt: (host) => lastByHost.get(host),
  }

  function count({ mishap, struckAtMs, killed, requestedAtMs }: Run, { code, stderr }: Outcome): void {
    if (code === 7 && stderr.includes('docker-credential-')) figures.helper_failures++
    if (stderr.includes('The refresh token is kept in')) figures.kept_in_file++
    if (killed) figures.kills++
    if (killed && requestedAtMs) figures.kills_in_flight++
    if (killed && requestedAtMs && hasFinishedDraft(sandbox.credentialFile)) figures.kills_before_rename++
    if (mishap.kind === 'stop' && struckAtMs) figures.stops++
    if (mishap.kind === 'signal' && struckAtMs) figures.signals++
    if (mishap.kind === 'full disk' && code === 7) figures.full_disks++
  }
}
