import { setTimeout as sleep } from 'node:timers/promises'
import { createSandbox } from '../test/support/sandbox.ts'
import { Absence } from './absence.ts'
import { type Door, openDoor } from './door.ts'
import { installFickleHelper } from './fickle-helper.ts'
import { type Figures, noFigures, type Rotation } from './figures.ts'
import { Gate } from './gate.ts'
import { History } from './history.ts'
import { inspect } from './inspection.ts'
import { createJudge } from './judge.ts'
import { Ledger } from './ledger.ts'
import { Leftovers } from './leftovers.ts'
import { createLogins } from './logins.ts'
import { Period } from './period.ts'
import { createRandom } from './random.ts'
import { startReader } from './reader.ts'
import { createReport } from './report.ts'
import { createRuns } from './runs.ts'
import { startSpotify } from './spotify.ts'
import { meetTokenRequest } from './token-request.ts'
import { takeStep } from './worker.ts'

export interface ModeOptions {
  rotation: Rotation
  minutes: number
  seed: number
  /** Whether a credential helper has the refresh tokens: a fickle one. */
  hasHelper: boolean
}

const workers = 4

/** Lets workers run the program against a stand-in, and things happen to it, until the time is over or it is stopped. */
export async function soak(
  { rotation, minutes, seed, hasHelper }: ModeOptions,
  stop: AbortSignal,
): Promise<Figures> {
  const startedAtMs = Date.now()
  const endsAtMs = startedAtMs + minutes * 60_000
  const isOver = () => stop.aborted || Date.now() >= endsAtMs
  const random = createRandom(seed)
  const figures = noFigures()
  const sandbox = createSandbox()
  const { credentialFile } = sandbox
  if (hasHelper) installFickleHelper(sandbox)

  // What must hold, and where it is told when it does not.
  const history = new History()
  const report = createReport(rotation, figures, history)
  const ledger = new Ledger()
  const absence = new Absence(report)
  const change = new Period()
  const judge = createJudge({ rotation, credentialFile, ledger, absence, change, report, figures })

  // What happens.
  const runs = createRuns({ sandbox, random, ledger, judge, report, history, figures, stop })
  const spotify = await startSpotify(rotation, {
    onRequest: (request) => history.noteRequest(request),
    onTokenRequest: (request) => meetTokenRequest(request, { random, ledger, runs, figures }),
  })
  const logins = createLogins({
    credentialFile,
    random,
    runs,
    ledger,
    judge,
    absence,
    change,
    report,
    figures,
    isOver,
    hasHelper,
  })
  const doors = await Promise.all(Array.from({ length: workers }, () => openDoor(spotify.port)))
  const reader = startReader(credentialFile, { absence, report })

  const gate = new Gate()
  const work = async (door: Door) => {
    while (!isOver()) await gate.pass(() => takeStep(door, { random, runs, logins }))
  }
  const [door] = doors as [Door]
  const leftovers = new Leftovers(credentialFile, report)
  const inspectAll = () => inspect({ door, runs, spotify, logins, leftovers, report, isOver, hasHelper })
  const inspectNowAndThen = async () => {
    while (!isOver()) {
      await sleep(3_000 + random.below(3_000), undefined, { signal: stop }).catch(() => {})
      if (!isOver()) await gate.alone(inspectAll)
    }
  }

  try {
    await Promise.all([...doors.map(work), inspectNowAndThen()])
    if (!stop.aborted) await inspectAll()
  } finally {
    reader.stop()
    for (const each of doors) each.close()
    await spotify.close()
    await sandbox.remove()
  }
  return { ...figures, minutes: (Date.now() - startedAtMs) / 60_000 }
}
