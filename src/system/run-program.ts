import { type SpawnOptionsWithoutStdio, spawn } from 'node:child_process'

/** What a program that is not one of ours may do. */
interface Terms {
  env: NodeJS.ProcessEnv
  cwd: string
  /** What it reads from its standard input; arguments are seen by every user of the computer, so secrets stand here. */
  input: string
  deadlineMs: number
  /** How much it may say. */
  maxBytes: number
  /** Called with its number before it gets its input; where that fails, it gets none and is ended. */
  onStart?(pid: number): Promise<unknown>
  /** Ends it early. */
  signal?: AbortSignal
}

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** Why a program was ended, or not even started. */
export class ProgramFailure extends Error {
  readonly why: 'missing' | 'slow' | 'talkative' | 'stopped'

  constructor(why: ProgramFailure['why'], cause?: unknown) {
    super(`the program was ${why}`, { cause })
    this.why = why
  }
}

const isGroup = process.platform !== 'win32'

/** Ends a program that `runProgram` has started, here or in another process, with everything that it has started. */
export function endWithAll(pid: number): void {
  try {
    process.kill(isGroup ? -pid : pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

/** How long the outputs of a program may stay open after its end: something that it has started may hold them for ever. */
const afterEndMs = 1_000

/** Some of what keeps a program from being started is thrown by `spawn`, and the rest comes as an event. */
function start(file: string, args: string[], options: SpawnOptionsWithoutStdio) {
  try {
    return spawn(file, args, options)
  } catch (error) {
    throw new ProgramFailure('missing', error)
  }
}

/**
 * Runs a program without a shell, and waits for its end. At the deadline, or when it says too much, it is ended with
 * everything that it has started. Throws `ProgramFailure`.
 */
export async function runProgram(file: string, args: string[], terms: Terms): Promise<Ended> {
  const { env, cwd, input, deadlineMs, maxBytes, onStart = async () => {}, signal } = terms
  const child = start(file, args, { env, cwd, detached: isGroup, windowsHide: true })
  const { pid } = child
  const said = { stdout: '', stderr: '' }
  const timers: NodeJS.Timeout[] = []
  let stop = () => {}
  try {
    return await new Promise<Ended>((resolve, reject) => {
      const fail = (why: ProgramFailure['why'], cause?: unknown) => {
        if (pid !== undefined) endWithAll(pid)
        reject(new ProgramFailure(why, cause))
      }
      child.on('error', (error) => fail('missing', error))
      // Where no file descriptors are left it has none, and the error comes next.
      if (!child.stdin || pid === undefined) return
      stop = () => fail('stopped')
      signal?.addEventListener('abort', stop)
      timers.push(setTimeout(fail, deadlineMs, 'slow'))
      let bytes = 0
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].setEncoding('utf8').on('data', (text: string) => {
          bytes += Buffer.byteLength(text)
          said[name] += text
          if (bytes > maxBytes) fail('talkative')
        })
      }
      // It may end without reading.
      const stdin = child.stdin.on('error', () => {})
      onStart(pid).then(
        () => stdin.end(input),
        (error) => {
          endWithAll(pid)
          reject(error)
        },
      )
      child.on('close', (code) => resolve({ code, ...said }))
      child.on('exit', (code) => {
        // What has arrived meanwhile is read first, however long this process has had no time for it.
        const give = () => setImmediate(() => resolve({ code, ...said }))
        timers.push(setTimeout(give, afterEndMs))
      })
      if (signal?.aborted) stop()
    })
  } finally {
    for (const timer of timers) clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy()
  }
}
