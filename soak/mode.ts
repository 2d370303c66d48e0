import { fork } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Credential, parseCredential } from '../src/session/credential.ts'
import { followLogin } from '../test/support/follow-login.ts'
import { createSandbox } from '../test/support/sandbox.ts'
import { visit } from '../test/support/visit.ts'
import { type Door, openDoor } from './door.ts'
import { type Figures, noFigures, type Rotation } from './figures.ts'
import { Gate } from './gate.ts'
import { Ledger } from './ledger.ts'
import { chooseMishap, type Mishap } from './mishap.ts'
import { createRandom } from './random.ts'
import type { Sighting } from './reader-process.ts'
import { describeRun, type Outcome, type Run, startRun } from './run.ts'
import { clock, type Fault, type Request, shortened, startSpotify } from './spotify.ts'

export interface ModeOptions {
  rotation: Rotation
  minutes: number
  seed: number
}

const readerFile = fileURLToPath(new URL('reader-process.ts', import.meta.url))
const workers = 4
const calm: Mishap = { kind: 'none' }
const commands = [
  ['token', '--json'],
  ['token', '--json'],
  ['token', '--refresh', '--json'],
  ['token', '--refresh', '--json'],
  ['now-playing', '--json'],
  ['now-playing', '--json'],
  ['status', '--json'],
] as const

/** The bound of what the stand-in remembers. */
const tokenRequestsPerStandIn = 5_000

/** Longer than the program's patience with the lock and its deadline for a request together. */
const longestRunMs = 30_000

/** Lets workers run the program against a stand-in, and things happen to it, until the time is over or it is stopped. */
export async function soak({ rotation, minutes, seed }: ModeOptions, stop: AbortSignal): Promise<Figures> {
  const random = createRandom(seed)
  const figures = noFigures()
  const ledger = new Ledger()
  const gate = new Gate()
  const current = new Map<string, Run>()
  const lastRuns: Run[] = []
  const startedAtMs = Date.now()
  const endsAtMs = startedAtMs + minutes * 60_000
  const isOver = () => stop.aborted || Date.now() >= endsAtMs

  const expectedFiles = new Set(['default.json', 'default.lock', 'default.json.tmp', 'default.reminded'])
  let isQuiet = false
  let isLoggingIn = false
  let needsLogin = true
  let lastLoginAtMs = 0
  let mayBeMissing = true
  let allowedMissingAtMs = 0

  const spotify = await startSpotify(rotation, meetTokenRequest)
  const sandbox = createSandbox()
  const { credentialFile } = sandbox
  const reader = fork(readerFile, [credentialFile])
  reader.on('message', noteSighting)
  const doors = await Promise.all(Array.from({ length: workers }, () => openDoor(spotify.port)))
  const [probeDoor] = doors as [Door]
  const killAll = () => {
    for (const run of current.values()) run.kill()
  }
  stop.addEventListener('abort', killAll)

  try {
    await Promise.all([...doors.map(work), inspectNowAndThen()])
    if (!stop.aborted) await inspect()
  } finally {
    reader.disconnect()
    for (const door of doors) door.close()
    await spotify.close()
    sandbox.remove()
  }
  figures.minutes = (Date.now() - startedAtMs) / 60_000
  return figures

  async function work(door: Door): Promise<void> {
    while (!isOver()) await gate.pass(() => step(door))
  }

  async function step(door: Door): Promise<void> {
    if (!isLoggingIn && (needsLogin || random.chance(0.015))) return changeLogin(door, !needsLogin)
    const args = [...random.pick(commands)]
    const run = start(door, args, chooseMishap(random))
    judge(run, await finish(run))
  }

  /** Nothing goes wrong in between: does the program work unaided after all that happened to it? */
  async function inspectNowAndThen(): Promise<void> {
    while (!isOver()) {
      await sleep(3_000 + random.below(3_000), undefined, { signal: stop }).catch(() => {})
      if (isOver()) return
      await gate.alone(inspect)
    }
  }

  async function inspect(): Promise<void> {
    isQuiet = true
    try {
      if (spotify.tokenRequests() > tokenRequestsPerStandIn && !isOver()) {
        await spotify.restart()
        await changeLogin(probeDoor, false)
      }
      await probeLock()
      noteLeftovers()
    } finally {
      isQuiet = false
    }
  }

  async function probeLock(): Promise<void> {
    const plain = start(probeDoor, ['status', '--json'], calm)
    judge(plain, await finish(plain))
    const plainMs = Date.now() - plain.startedAtMs
    const run = start(probeDoor, ['token', '--refresh', '--json'], calm)
    const outcome = await finish(run)
    judge(run, outcome)
    // The request is made under the lock, and who does not get it may still end well: with a token that is valid.
    // What starting takes here and now is no waiting.
    const waitedMs = (run.requestedAtMs ?? Date.now()) - run.startedAtMs - plainMs
    if (waitedMs > 2_000 && codeOf(outcome) !== 'busy')
      fail('stuck', `alone, it waited ${waitedMs} ms for the lock`, run, outcome)
  }

  function noteLeftovers(): void {
    const directory = path.dirname(credentialFile)
    const leftovers = fs.readdirSync(directory).filter((name) => !expectedFiles.has(name))
    if (leftovers.length === 0) return
    fail('other', `left over: ${leftovers.join(', ')}`)
    // They stay where they are, for what they may do to the program, and are told once.
    for (const name of leftovers) expectedFiles.add(name)
  }

  /** A new login by whoever finds that one is needed, or after a logout; tries until it succeeds or the time is over. */
  async function changeLogin(door: Door, logsOut: boolean): Promise<void> {
    isLoggingIn = true
    try {
      const stored = readStored()
      if (stored?.ended) judgeRefused(stored.refreshToken)
      if (logsOut) await logOut(door)
      else if (!stored) allowMissing(true)
      while (!(await logIn(door)) && !isOver()) {}
    } finally {
      isLoggingIn = false
    }
  }

  async function logOut(door: Door): Promise<void> {
    allowMissing(true)
    const run = start(door, ['logout'], chooseMishap(random))
    const outcome = await finish(run)
    judge(run, outcome)
    await sleep(random.below(200))
    if (outcome.code === 0 && fs.existsSync(credentialFile))
      fail('other', 'the login is back after a logout', run, outcome)
  }

  async function logIn(door: Door): Promise<boolean> {
    const mishap = isQuiet || random.chance(0.5) ? calm : chooseMishap(random)
    const args = ['login', '--port', '0', '--no-browser', '--timeout', '20', '--json']
    const run = start(door, args, mishap)
    const [outcome] = await Promise.all([finish(run), playBrowser(run)])
    judge(run, outcome)
    if (outcome.code !== 0) return false
    figures.logins++
    lastLoginAtMs = Date.now()
    needsLogin = false
    const issued = run.exchanges[0]?.answered ?? ''
    const stored = readStored()
    if (!stored || !ledger.areOfOneLogin(stored.refreshToken, issued))
      fail('lost', 'the new login is not the one that is stored', run, outcome)
    allowMissing(false)
    return true
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

  function start(door: Door, args: string[], mishap: Mishap): Run {
    const run = startRun(sandbox, random, door, args, mishap)
    figures.processes++
    current.set(door.host, run)
    lastRuns.push(run)
    if (lastRuns.length > 20) lastRuns.shift()
    if (stop.aborted) run.kill()
    return run
  }

  async function finish(run: Run): Promise<Outcome> {
    const watchdog = setTimeout(() => {
      fail('stuck', `it has been running for ${longestRunMs} ms`, run)
      run.kill()
    }, longestRunMs)
    const outcome = await run.outcome
    clearTimeout(watchdog)
    if (!run.killed) ledger.noteEnd(run.exchanges)
    count(run, outcome)
    return outcome
  }

  function count({ mishap, struckAtMs, killed, requestedAtMs }: Run, { code }: Outcome): void {
    if (killed) figures.kills++
    if (killed && requestedAtMs) figures.kills_in_flight++
    if (mishap.kind === 'stop' && struckAtMs) figures.stops++
    if (mishap.kind === 'signal' && struckAtMs) figures.signals++
    if (mishap.kind === 'full disk' && code === 7) figures.full_disks++
  }

  function meetTokenRequest({ headers, form }: Request): Fault {
    const run = current.get(headers.host ?? '')
    const delayMs = isQuiet ? 0 : random.below(120)
    run?.noteRequest(delayMs)
    const isServerFault = !isQuiet && random.chance(0.06)
    if (run && isServerFault) run.met = 'faults'
    if (isServerFault) figures.server_faults++
    const presented = form.get('refresh_token')
    if (presented) figures.refreshes++

    const serverFault = random.pick(serverFaults)
    if (isServerFault && !('transform' in serverFault)) return { ...serverFault, delayMs }
    if (!run) return { delayMs }
    const exchange = presented ? ledger.noteRequest(run, presented) : { by: run, presented: '' }
    run.exchanges.push(exchange)
    const expires_in = random.pick([1, 1, 61, 61, 62, 90, 3600])
    return {
      delayMs,
      transform: (json) => {
        const answered: unknown = json.refresh_token
        if (typeof answered === 'string') {
          if (presented) ledger.noteAnswer(exchange, answered)
          else ledger.noteLogin(answered)
          exchange.answered = answered
        }
        if (json.error) return json
        return isServerFault ? serverFault.transform?.(json) : { ...json, expires_in }
      },
    }
  }

  function judge(run: Run, outcome: Outcome): void {
    const { mishap, struckAtMs } = run
    const { code, signal } = outcome
    if (run.killed || stop.aborted || code === 0) return
    const error = codeOf(outcome)
    if (error === 'busy') fail('stuck', 'it did not get the lock', run, outcome)
    else if (mishap.kind === 'signal' && struckAtMs && isEndBy(mishap.signal, code, signal)) return
    else if (code === 4 && run.args[0] !== 'login') judgeLost(run, outcome)
    else if (code === 6 && run.met === 'faults') return
    else if (code === 7 && mishap.kind === 'full disk') return
    else fail('other', 'it failed without a reason', run, outcome)
  }

  /** A command says that it needs a login: may it? */
  function judgeLost(run: Run, outcome: Outcome): void {
    const stored = readStored()
    if (!stored || stored.ended) needsLogin = true
    if (codeOf(outcome) === 'login_required') {
      if (!wasMissingAllowed(run.startedAtMs)) fail('lost', 'it finds no login', run, outcome)
      return
    }
    const refused = stored?.ended ? stored.refreshToken : run.exchanges.at(-1)?.presented
    if (refused === undefined) {
      // A new login has just taken the place of the one that it read; that one was judged when the new one began.
      if (!isLoggingIn && lastLoginAtMs < run.startedAtMs)
        fail('lost', 'it says that the login has ended', run, outcome)
      return
    }
    judgeRefused(refused, run, outcome)
  }

  function judgeRefused(refused: string, run?: Run, outcome?: Outcome): void {
    const verdict = ledger.judge(refused)
    if (verdict === 'kill' && rotation === 'strict') figures.lost_to_kill++
    else if (verdict) fail('lost', `${shortened(refused)} is refused`, run, outcome)
  }

  function readStored(): Credential | undefined {
    try {
      return parseCredential(fs.readFileSync(credentialFile, 'utf8'))
    } catch {
      return undefined
    }
  }

  function allowMissing(isAllowed: boolean): void {
    mayBeMissing = isAllowed
    allowedMissingAtMs = Date.now()
  }

  /** Whether there may have been no file at that instant or at one since. */
  function wasMissingAllowed(sinceMs: number): boolean {
    return mayBeMissing || allowedMissingAtMs >= sinceMs
  }

  function noteSighting(sighting: Sighting): void {
    if (sighting.kind === 'missing') {
      if (!wasMissingAllowed(sighting.atMs)) fail('lost', 'the credential file is gone')
    } else fail('torn', `${sighting.reason}: ${JSON.stringify(sighting.text)}`)
    if (!readStored()) needsLogin = true
  }

  function fail(
    figure: 'torn' | 'stuck' | 'lost' | 'other',
    what: string,
    run?: Run,
    outcome?: Outcome,
  ): void {
    figures[figure]++
    if (figures[figure] > 5) return
    const lines = [
      `${clock(Date.now())} ${rotation}: ${figure}: ${what}`,
      ...(run ? [`the command: ${describeRun(run)}`] : []),
      ...(outcome ? [`its end: ${JSON.stringify(outcome)}`] : []),
      'the last commands:',
      ...lastRuns.map((each) => `  ${describeRun(each)}`),
      'the last requests:',
      ...spotify.recent().map((each) => `  ${each}`),
    ]
    process.stderr.write(`${lines.join('\n')}\n\n`)
  }
}

/** None of them uses the refresh token up without telling the new one. */
const serverFaults: [Fault, ...Fault[]] = [
  { status: 500, body: 'oops' },
  { status: 503, body: '' },
  { status: 200, body: '<html>portal</html>' },
  { reset: true },
  { transform: (json) => ({ ...json, access_token: 5 }) },
]

function codeOf({ stderr }: Outcome): string | undefined {
  try {
    return JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error.code
  } catch {
    return undefined
  }
}

function isEndBy(sent: NodeJS.Signals, code: number | null, signal: NodeJS.Signals | null): boolean {
  return signal === sent || code === (sent === 'SIGINT' ? 130 : 143)
}
