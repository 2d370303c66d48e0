import type { RecordedRequest } from '../test/support/stand-in.ts'
import { describeRun, type Run } from './run.ts'
import { clock, shortened } from './shorthand.ts'

const keptRuns = 20
const keptRequests = 40

/** What has happened last, for whoever has to find out why something failed. */
export class History {
  readonly #runs: Run[] = []
  readonly #requests: { atMs: number; request: RecordedRequest }[] = []

  noteRun(run: Run): void {
    this.#runs.push(run)
    if (this.#runs.length > keptRuns) this.#runs.shift()
  }

  noteRequest(request: RecordedRequest): void {
    this.#requests.push({ atMs: Date.now(), request })
    if (this.#requests.length > keptRequests) this.#requests.shift()
  }

  lines(): string[] {
    return [
      'the last commands:',
      ...this.#runs.map((run) => `  ${describeRun(run)}`),
      'the last requests:',
      ...this.#requests.map(({ atMs, request }) => `  ${describeRequest(atMs, request)}`),
    ]
  }
}

function describeRequest(atMs: number, { method, path, headers, form, status }: RecordedRequest): string {
  const token = form.get('refresh_token')
  const what = token ? ` with ${shortened(token)}` : ''
  return `${clock(atMs)} ${headers.host} ${method} ${path}${what}: ${status ?? 'no answer'}`
}
