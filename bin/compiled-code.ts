import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readvSync,
  renameSync,
  statSync,
} from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { Script } from 'node:vm'
import { removeQuietly, writeSynced } from '../src/system/durable.ts'
import { isOursAlone, makePrivateDirectories } from '../src/system/private-directory.ts'
import { stampOf } from '../src/system/stamp.ts'

/**
 * Loads a CommonJS file of this program, as `require` would, but compiles nothing where an earlier run of the same command
 * has: to parse the file, and to make bytecode of each function that is called, takes longer than all else that `token`
 * does. The first run that succeeds keeps what V8 has compiled, in a directory of its own among the user's caches. V8 looks
 * only whether its version, its flags and the length of the text are the same: `build` has to change with the text.
 */
export function requireCompiled(file: string, build: string): unknown {
  const directory = findDirectory(process.env)
  const command = process.argv[2] ?? ''
  if (directory === undefined || !/^[a-z_-]+$/.test(command)) return require(file)
  const { version, arch, execPath } = process
  const key = [command, build, version, arch, stampOf(file), stampOf(execPath)].join(' ')
  const kept = resolve(directory, key)
  const { code: cachedData, isRecent } = readKept(kept) ?? {}
  const text = `(function (exports, require) {${readFileSync(file, 'utf8')}\n})`
  const script = new Script(text, { filename: file, cachedData })
  if (script.cachedDataRejected || !isRecent) {
    process.once('exit', (code) => {
      // A run that fails has not called most of what the next one will.
      if (code === 0) keep(kept, script)
    })
  }
  // It exports many things, one after the other: an object without a prototype takes them as they come, any other one
  // becomes of a new kind for V8 with each.
  const module = { exports: Object.create(null), loaded: true }
  // The program's other files import from this one.
  require.cache[file] = module as NodeJS.Module
  script.runInThisContext()(module.exports, require)
  return module.exports
}

/** With a refresh token in the environment a command writes no files; what else Node is told may change what V8 does. */
const obstacles = [
  'SPOTIFY_REFRESH_TOKEN',
  'NODE_DISABLE_COMPILE_CACHE',
  'NODE_OPTIONS',
  'NODE_PRESERVE_SYMLINKS_MAIN',
  'NODE_V8_COVERAGE',
]

/** Where compiled code is kept; undefined where none is to be. */
function findDirectory(env: NodeJS.ProcessEnv): string | undefined {
  const isHindered = process.execArgv.length > 0 || obstacles.some((name) => env[name])
  // A watch sets flags of V8's, and is started once.
  if (isHindered || process.argv.includes('--watch')) return undefined
  const caches =
    process.platform === 'win32' ? env.LOCALAPPDATA : env.XDG_CACHE_HOME || (env.HOME && `${env.HOME}/.cache`)
  return caches && isAbsolute(caches) ? resolve(caches, 'spotify-auth-compiled') : undefined
}

/** Reads what is kept if it is whole, and only this user can have put it there: V8 runs it as it is, or crashes. */
function readKept(file: string): { code: Buffer; isRecent: boolean } | undefined {
  if (!isPrivate(dirname(file))) return undefined
  try {
    // Non-blocking: a pipe in its place must not hang every command.
    const fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      // It is there twice: a checksum that finds as much damage would take as long as to compile.
      const { size, mtimeMs } = fstatSync(fd)
      const [code, copy] = [Buffer.alloc(size / 2), Buffer.alloc(size / 2)]
      readvSync(fd, [code, copy])
      return code.equals(copy) ? { code, isRecent: mtimeMs > Date.now() - recentMs } : undefined
    } finally {
      closeSync(fd)
    }
  } catch {
    return undefined
  }
}

/** After this time it is made anew, with what other runs have called beyond the first. */
const recentMs = 3_600_000
const longestMs = 30 * 24 * 3_600_000

/** Keeps the code of a script with all that was compiled meanwhile; where that fails, the next run may try. */
function keep(file: string, script: Script): void {
  const directory = dirname(file)
  const draft = `${file}.${process.pid}.tmp`
  try {
    if (!mayMake(directory)) return
    makePrivateDirectories(directory)
    if (!isPrivate(directory)) return
    const once = script.createCachedData()
    closeSync(writeSynced(draft, Buffer.concat([once, once])))
    renameSync(draft, file)
    // Of other versions of the program or of Node, most of it.
    for (const old of readdirSync(directory).map((name) => resolve(directory, name))) {
      if (statSync(old).mtimeMs < Date.now() - longestMs) removeQuietly(old)
    }
  } catch {
    removeQuietly(draft)
  }
}

/** On Windows the directories of a user are for that user alone. */
function isPrivate(directory: string): boolean {
  return process.platform === 'win32' || isOursAlone(directory)
}

/** Whether the directory can be made in one of this user's: sudo may have kept the HOME of another one. */
function mayMake(directory: string): boolean {
  const caches = dirname(directory)
  const { uid } = statSync(existsSync(caches) ? caches : dirname(caches))
  return process.platform === 'win32' || uid === process.getuid?.()
}
