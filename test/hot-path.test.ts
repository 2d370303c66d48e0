import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { track } from '../support/fixtures.ts'
import { createSandbox, programFile, type Sandbox } from '../support/sandbox.ts'
import { type StandIn, startStandIn } from '../support/stand-in.ts'
import { needs } from '../support/tools.ts'

// Counts instead of times: they are the same on every machine, and a ceiling can be close. Whoever needs more for a
// good reason raises it.
const hotPaths = [
  { title: 'token, still valid', args: ['token'], modules: 1 },
  { title: 'now-playing from the cache', args: ['now-playing', '--max-age', '3600'], modules: 1 },
  { title: 'now-playing over HTTP', args: ['now-playing'], modules: 34 },
]
const mostBytes = 30_000

const repository = fileURLToPath(new URL('../../', import.meta.url))

let standIn: StandIn
let sandbox: Sandbox
let preload: string

beforeAll(async () => {
  standIn = await startStandIn()
  standIn.playback = track
  sandbox = createSandbox(standIn)
  await sandbox.logIn(standIn)
  preload = path.join(sandbox.env.HOME ?? '', 'preload.cjs')
  writeFileSync(
    preload,
    `process.on('exit', () => require('fs').writeFileSync('modules.json', JSON.stringify(process.moduleLoadList)))`,
  )
  await sandbox.run(['now-playing', '--max-age', '3600'])
})

afterAll(async () => {
  sandbox.remove()
  await standIn.close()
})

/** The modules of Node itself that a command line of `node` loads. */
async function builtinsOf(args: string[]): Promise<string[]> {
  const cwd = path.dirname(preload)
  const child = spawn(process.execPath, ['--require', preload, ...args], { env: sandbox.env, cwd })
  child.stdout.resume()
  expect(await once(child, 'close')).toEqual([0, null])
  const loaded: string[] = JSON.parse(readFileSync(path.join(cwd, 'modules.json'), 'utf8'))
  return loaded.filter((name) => name.startsWith('NativeModule '))
}

describe.each(hotPaths)('$title', ({ title, args, modules }) => {
  it(`loads at most ${modules} of Node’s modules beyond those of an empty program`, async () => {
    const floor = new Set(await builtinsOf(['-e', '0']))
    const more = (await builtinsOf([programFile, ...args])).filter((name) => !floor.has(name))
    expect(more.length, more.join('\n')).toBeLessThanOrEqual(modules)
  })

  const { title: described, skip } = needs(`reads at most ${mostBytes} bytes of JavaScript`, 'strace')
  it.skipIf(skip)(described, async () => {
    const log = path.join(sandbox.env.HOME ?? '', `${title}.strace`)
    const under = ['strace', '-f', '-qq', '-e', 'trace=open,openat', '-o', log]
    expect(await sandbox.run(args, { under })).toMatchObject({ code: 0 })
    const opened = [...readFileSync(log, 'utf8').matchAll(/"([^"]+\.(?:c?js|mjs|node|json))", [^)]*\) = \d/g)]
    const files = new Set(opened.map(([, file]) => file ?? '').filter((file) => file.startsWith('/')))
    const ours = [...files].filter(
      (file) => realpathSync(file).startsWith(repository) || file.includes('node_modules'),
    )
    expect(ours).toContain(programFile)
    expect(ours.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThanOrEqual(mostBytes)
  })
})
