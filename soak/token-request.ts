import type { Fault } from '../test/support/faults.ts'
import type { RecordedRequest } from '../test/support/stand-in.ts'
import type { Figures } from './figures.ts'
import type { Ledger } from './ledger.ts'
import type { Random } from './random.ts'
import type { Runs } from './runs.ts'

interface Parts {
  random: Random
  ledger: Ledger
  runs: Pick<Runs, 'lastAt'>
  figures: Pick<Figures, 'refreshes' | 'server_faults'>
}

/** None of them uses the refresh token up without telling the new one. */
const serverFaults: [Fault, ...Fault[]] = [
  { status: 500, body: 'oops' },
  { status: 503, body: '' },
  { status: 200, body: '<html>portal</html>' },
  { reset: true },
  { transform: (json) => ({ ...json, access_token: 5 }) },
]

/** A token request has arrived: enters it and its answer into the ledger, and decides how it is answered. */
export function meetTokenRequest({ headers, form }: RecordedRequest, parts: Parts): Fault {
  const { random, ledger, runs, figures } = parts
  const run = runs.lastAt(headers.host ?? '')
  if (!run) throw new Error(`a token request came from nowhere: ${headers.host}`)
  const isSpared = run.mishap.kind === 'spared'
  const delayMs = isSpared ? 0 : random.below(120)
  run.noteRequest(delayMs)
  const presented = form.get('refresh_token') ?? undefined
  if (presented) figures.refreshes++

  const serverFault = !isSpared && random.chance(0.06) ? random.pick(serverFaults) : undefined
  if (serverFault) {
    run.metServerFault = true
    figures.server_faults++
    // The request does not get as far as to the tokens.
    if (!serverFault.transform) return { ...serverFault, delayMs }
  }
  const exchange = presented ? ledger.noteRequest(run, presented) : { by: run, presented: '' }
  run.exchanges.push(exchange)
  const expires_in = random.pick([1, 1, 61, 61, 62, 90, 3600])
  return {
    delayMs,
    transform(json) {
      const answered: unknown = json.refresh_token
      if (typeof answered === 'string') {
        if (presented) ledger.noteAnswer(exchange, answered)
        else ledger.noteLogin(answered)
        exchange.answered = answered
      }
      if (json.error) return json
      return serverFault?.transform ? serverFault.transform(json) : { ...json, expires_in }
    },
  }
}
