import { spawnSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { packageDirectory, startScript } from '../support/script.ts'
import { needs } from '../support/tools.ts'

/** No home, no name, nothing of the machine's. */
const env = { PATH: process.env.PATH ?? '' }

const names = [
  'SpotifyAuthError',
  'beginLogin',
  'callApi',
  'completeLogin',
  'getCurrentUser',
  'getCurrentlyPlaying',
  'openSession',
  'readScopes',
]

/** What a program is before and after: its handles, its listeners, its environment and its global names. */
const state = `const state = () => JSON.stringify([
  process.getActiveResourcesInfo(), process.eventNames(), process.env, Object.getOwnPropertyNames(globalThis),
])
// Until Node has started, and until the files of the modules themselves are closed.
const settled = () => new Promise((resolve) => setTimeout(resolve, 50))`

describe.each([
  ['import', 'module', `const library = await import('spotify-auth-cli')`],
  ['require', 'commonjs', `const library = require('spotify-auth-cli')`],
] as const)('%s', (_, type, load) => {
  it('has everything, leaves the program and the terminal as they were, and throws its errors', async () => {
    const lines = `${state}
      const main = async () => {
        await settled()
        const before = state()
        ${load}
        await settled()
        const after = state()
        const error = await library.openSession().catch((error) => error)
        const thrown = [error instanceof library.SpotifyAuthError, error.code]
        console.log(JSON.stringify([Object.keys(library).sort(), thrown, after, before]))
      }
      main()`
    const { stdout, ...rest } = await startScript(lines, env, { type }).outcome
    const [exported, thrown, after, before] = JSON.parse(stdout)
    expect([exported, thrown, after]).toEqual([names, [true, 'config'], before])
    expect(rest).toEqual({ code: 0, signal: null, stderr: '' })
  })

  const { title, skip, file } = needs('opens no file but its own, and no connection', 'strace')
  it.skipIf(skip)(title, () => {
    const trace = (lines: string) => {
      const words = ['-f', '-qq', '--seccomp-bpf', '-e', 'trace=openat,connect,execve', process.execPath]
      const { stderr } = spawnSync(file, [...words, `--input-type=${type}`, '--eval', lines], {
        env,
        cwd: packageDirectory,
        encoding: 'utf8',
      })
      const [, ...calls] = stderr.match(/(?<=openat\(AT_FDCWD, ").*?(?=")|(?:connect|execve)\(.*/g) ?? []
      return calls
    }
    // A thread of Node's looks into Node itself, and sometimes it has not done so yet when a program that does nothing ends.
    const usual = new Set([...trace(''), process.execPath])
    const opened = trace(load).filter((each) => !usual.has(each))
    expect(opened).toContainEqual(expect.stringContaining('/dist/index.'))
    const own = realpathSync(packageDirectory)
    // Node 26 itself looks there how many processors it has, and the C library how memory is given out.
    const others = opened.filter((each) => !each.startsWith(own) && !/^\/(?:sys|proc\/sys)\//.test(each))
    expect(others).toEqual([])
  })
})
