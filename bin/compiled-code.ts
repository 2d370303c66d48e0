import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { Script } from 'node:vm'
import { removeQuietly, writeSynced } from '../src/system/durable.ts'
import { makePrivateDirectories } from '../src/system/private-directory.ts'

/**
 * Loads a CommonJS file of this program, as `require` would, but compiles nothing where an earlier run of the same command
 * has: to parse the file, and to make bytecode of each function that is called, takes longer than all else that `token`
 * does. The first run that succeeds keeps what V8 has compiled, where the user's caches are. V8 takes it only for the
 * version and the flags that it was made with, and a text of the same length, so `build` has to change with the text.
 */
export function requireCompiled(file: string, build: string): unknown {
  const kept = findKept(process.env, build)
  if (kept === undefined) return require(file)
  const text = `(function (exports, require) {${readFileSync(file, 'latin1')}\n})`
  const cachedData = readKept(kept)
  const script = new Script(text, { filename: file, cachedData })
  if (!cachedData || script.cachedDataRejected) {
    process.once('exit', (code) => {
      // A run that fails has not called most of what the next one will.
      if (code === 0) keep(kept, script)
    })
  }
  const module = { exports: {}, loaded: true }
  // The program's other files import from this one.
  require.cache[file] = module as NodeJS.Module
  script.runInThisContext()(module.exports, require)
  return module.exports
}

/** Where the code of this command, of this build of the program and of this Node is kept; undefined where none is to be. */
function findKept(env: NodeJS.ProcessEnv, build: string): string | undefined {
  // With a refresh token in the environment a command writes no files; the other variable is Node's for its own such cache.
  if (env.SPOTIFY_REFRESH_TOKEN || env.NODE_DISABLE_COMPILE_CACHE) return undefined
  const caches =
    process.platform === 'win32'
      ? env.LOCALAPPDATA
      : env.XDG_CACHE_HOME || (env.HOME && join(env.HOME, '.cache'))
  const command = process.argv[2] ?? ''
  if (!caches || !isAbsolute(caches) || !/^[a-z_-]+$/.test(command)) return undefined
  const node = encodeURIComponent(`${process.version} ${process.execPath}`)
  return join(caches, 'spotify-auth', build, `${command} ${node}`)
}

/** Reads what is kept if it is whole and only this user can have written it: V8 runs it as it is, or crashes. */
function readKept(file: string): Buffer | undefined {
  // To be told by an error that there is none takes much longer.
  if (!existsSync(file)) return undefined
  try {
    // Non-blocking: a pipe in its place must not hang every command.
    const fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const { uid, mode } = fstatSync(fd)
      if (process.getuid && (uid !== process.getuid() || mode & 0o077)) return undefined
      // It is there twice: a checksum that finds as much damage would take as long as to compile.
      const twice = readFileSync(fd)
      const once = twice.subarray(0, twice.length / 2)
      return once.equals(twice.subarray(once.length)) ? once : undefined
    } finally {
      closeSync(fd)
    }
  } catch {
    return undefined
  }
}

/** Keeps the code of a script with all that was compiled meanwhile; where that fails, the next run may try. */
function keep(file: string, script: Script): void {
  const ofBuild = dirname(file)
  const ofProgram = dirname(ofBuild)
  // Where there is no home, none is made.
  if (!existsSync(dirname(dirname(ofProgram)))) return
  const draft = `${file}.${process.pid}.tmp`
  try {
    makePrivateDirectories(ofBuild)
    const once = script.createCachedData()
    closeSync(writeSynced(draft, Buffer.concat([once, once])))
    renameSync(draft, file)
    const others = readdirSync(ofProgram).filter((build) => build !== basename(ofBuild))
    for (const build of others) rmSync(join(ofProgram, build), { recursive: true, force: true })
  } catch {
    removeQuietly(draft)
  }
}
