import { Period } from './period.ts'
import type { Report } from './report.ts'
import type { Outcome, Run } from './run.ts'

/** When there may be no login on disk: before the first one, and from each logout or told loss until the next login. */
export class Absence {
  readonly #report: Report
  readonly #period = new Period()

  constructor(report: Report) {
    this.#report = report
    this.#period.begin()
  }

  allow(): void {
    this.#period.begin()
  }

  end(): void {
    this.#period.end()
  }

  /** The login was found missing at some instant since `sinceMs`, which is a failure unless it may have been. */
  noteMissing(what: string, sinceMs: number, run?: Run, outcome?: Outcome): void {
    if (!this.#period.hasBeenOnSince(sinceMs)) this.#report.fail('lost', what, run, outcome)
  }
}
