import type { Failure, Figures, Rotation } from './figures.ts'
import type { History } from './history.ts'
import { describeRun, type Outcome, type Run } from './run.ts'
import { clock } from './shorthand.ts'

/** The sixth failure of a kind teaches nothing that the first five did not. */
const toldPerFailure = 5

/** Where whatever must not happen is counted and, the first few times, told on standard error with what came before it. */
export interface Report {
  fail(failure: Failure, what: string, run?: Run, outcome?: Outcome): void
}

export function createReport(
  rotation: Rotation,
  figures: Pick<Figures, Failure>,
  history: Pick<History, 'lines'>,
): Report {
  return {
    fail(failure, what, run, outcome) {
      figures[failure]++
      if (figures[failure] > toldPerFailure) return
      const lines = [
        `${clock(Date.now())} ${rotation}: ${failure}: ${what}`,
        ...(run ? [`the command: ${describeRun(run)}`] : []),
        ...(outcome ? [`its end: ${JSON.stringify(outcome)}`] : []),
        ...history.lines(),
      ]
      process.stderr.write(`${lines.join('\n')}\n\n`)
    },
  }
}
