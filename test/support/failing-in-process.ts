import fs, { cpSync, renameSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { vi } from 'vitest'
import type { Sandbox } from './sandbox.ts'

/** The functions of Node behind the calls that can be named. */
const functionsOf = {
  fsync: 'fsyncSync',
  rename: 'renameSync',
  pwrite64: 'writeSync',
  ftruncate: 'ftruncateSync',
  fchmod: 'fchmodSync',
  utimensat: 'utimesSync',
} as const

type Call = keyof typeof functionsOf

interface Injection {
  call: Call
  /** From this one on, or it alone. */
  from: number
  to: number
  error: string | undefined
}

/**
 * Does to the work in this process what `failing` does to the program: calls on files of the sandbox fail, or one of them
 * is the last that happens, as with `rename:signal=SIGKILL:when=2`. After that a process goes on here, but what it leaves
 * is taken back: the files of the sandbox are then as they were at that call. Throws when there has been no such call.
 * It is not for tests that run beside each other.
 */
export async function withFailingCalls<T>(
  { env }: Pick<Sandbox, 'env'>,
  injections: string | string[],
  work: () => Promise<T>,
): Promise<T> {
  const { HOME = '', TMPDIR, XDG_RUNTIME_DIR } = env
  const asKilled = `${HOME}.killed`
  const files = new Map<unknown, string>()
  const isOurs = (file: unknown) => String(files.get(file) ?? file).startsWith(`${HOME}/`)
  const pending = [injections].flat().map(parseInjection)
  const reached = new Set<Injection>()
  const counts = new Map<Call, number>()
  let isKilled = false

  const before = (call: Call) => {
    const nth = (counts.get(call) ?? 0) + 1
    counts.set(call, nth)
    for (const each of pending) {
      if (isKilled || each.call !== call || nth < each.from || nth > each.to) continue
      reached.add(each)
      if (each.error)
        throw Object.assign(new Error(`${each.error}: ${call}`), { code: each.error, syscall: call })
      isKilled = true
      cpSync(HOME, asKilled, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
    }
  }
  const originals: Partial<typeof fs> = {}
  const replace = <Name extends keyof typeof fs>(
    name: Name,
    replacementOf: (original: (typeof fs)[Name]) => unknown,
  ) => {
    originals[name] = fs[name]
    Object.assign(fs, { [name]: replacementOf(fs[name]) })
  }
  replace('openSync', (open) => (...args: Parameters<typeof open>) => {
    const fd = open(...args)
    files.set(fd, String(args[0]))
    return fd
  })
  for (const call of Object.keys(functionsOf) as Call[]) {
    replace(functionsOf[call], (original) => (...args: unknown[]) => {
      // A write without a place in the file is another call.
      const isIt = call !== 'pwrite64' || typeof args[4] === 'number'
      if (isIt && isOurs(args[0])) before(call)
      return Reflect.apply(original, fs, args)
    })
  }
  syncBuiltinESMExports()
  // These the program reads in its own environment.
  vi.stubEnv('TMPDIR', TMPDIR)
  vi.stubEnv('XDG_RUNTIME_DIR', XDG_RUNTIME_DIR)
  try {
    const done = await work()
    const missed = pending.find((each) => !reached.has(each))
    if (missed) throw new Error(`there was no ${missed.call} number ${missed.from}`)
    return done
  } finally {
    vi.unstubAllEnvs()
    Object.assign(fs, originals)
    syncBuiltinESMExports()
    if (isKilled) {
      rmSync(HOME, { recursive: true })
      renameSync(asKilled, HOME)
    }
  }
}

/** `CALL:error=EIO:when=2`, `…:when=2+` for all from the second on, or `CALL:signal=SIGKILL:when=2`. */
function parseInjection(text: string): Injection {
  const [, call = '', error, when = '', more] =
    /^(\w+):(?:error=(E\w+)|signal=SIGKILL):when=(\d+)(\+?)$/.exec(text) ?? []
  if (!(call in functionsOf)) throw new Error(`${text} is not done in this process`)
  const from = Number(when)
  return { call: call as Call, from, to: more ? Number.POSITIVE_INFINITY : from, error }
}
