import type { Sandbox } from '../test/support/sandbox.ts'
import type { Door } from './door.ts'
import { inGoodMood } from './fickle-helper.ts'
import type { Exchange } from './ledger.ts'
import { describeMishap, type Mishap, type Strike, underFullDisk } from './mishap.ts'
import type { Random } from './random.ts'
import { clock } from './shorthand.ts'

/** A process of the program and what is known of it. */
export interface Run {
  args: string[]
  mishap: Mishap
  door: Door
  startedAtMs: number
  /** When the mishap befell it. */
  struckAtMs?: number
  killed: boolean
  /** When its first token request arrived. */
  requestedAtMs?: number
  /** Whether the stand-in has answered one of its token requests with a fault. */
  metServerFault: boolean
  exchanges: Exchange[]
  stderr(): string
  hasEnded(): boolean
  outcome: Promise<Outcome>
  /** Tells it that its token request has arrived and will be answered after so long. */
  noteRequest(delayMs: number): void
  kill(): void
}

export type Outcome = Awaited<ReturnType<Sandbox['run']>>

/** Starts a command, and sees to it that its mishap befalls it. */
export function startRun(sandbox: Sandbox, random: Random, door: Door, args: string[], mishap: Mishap): Run {
  const under = mishap.kind === 'full disk' ? underFullDisk(mishap.blocks) : undefined
  const mood = mishap.kind === 'spared' ? inGoodMood : {}
  const { child, stderr, outcome } = sandbox.start(args, { env: { ...door.env, ...mood }, under })
  let timer: NodeJS.Timeout | undefined
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null

  const strike = ({ kind, signal, stoppedMs }: Strike) => {
    if (hasEnded() || !child.kill(signal)) return
    run.struckAtMs = Date.now()
    run.killed ||= kind === 'kill'
    if (kind === 'stop') setTimeout(() => child.kill('SIGCONT'), stoppedMs)
  }
  const run: Run = {
    args,
    mishap,
    door,
    startedAtMs: Date.now(),
    killed: false,
    metServerFault: false,
    exchanges: [],
    stderr,
    hasEnded,
    outcome: outcome.then((ended) => {
      clearTimeout(timer)
      // It was through before the signal came.
      run.killed &&= ended.signal === 'SIGKILL'
      return ended
    }),
    noteRequest(delayMs) {
      run.requestedAtMs ??= Date.now()
      if (!('from' in mishap) || mishap.from !== 'request' || timer) return
      // While it waits for the answer, or in the few milliseconds that it takes to save it.
      timer = setTimeout(strike, random.below(delayMs + 15), mishap)
    },
    kill: () => void child.kill('SIGKILL'),
  }
  if ('from' in mishap && mishap.from === 'start') timer = setTimeout(strike, random.below(150), mishap)
  return run
}

export function describeRun({ args, mishap, door, startedAtMs, struckAtMs }: Run): string {
  const struck = struckAtMs ? ` at ${clock(struckAtMs)}` : ''
  return `${clock(startedAtMs)} ${door.host} ${args.join(' ')} (${describeMishap(mishap)}${struck})`
}

/** The code of the error that a command with `--json` ends with. */
export function errorCodeOf({ stderr }: Outcome): string | undefined {
  try {
    return JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error.code
  } catch {
    return undefined
  }
}
