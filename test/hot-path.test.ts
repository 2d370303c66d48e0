import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { it as plain } from './support/fixture.ts'
import { runInProcess } from './support/in-process.ts'
import { hearATrack } from './support/now-playing.ts'
import { createSandbox, programFile, type Sandbox } from './support/sandbox.ts'
import { needs } from './support/tools.ts'

// Counts instead of times: they are the same on every machine, and a ceiling can be close. Whoever needs more for a
// good reason raises it.
const hotPaths = [
  { title: 'token, still valid', args: ['token'], modules: 1 },
  { title: 'token, not logged in', args: ['token'], modules: 2, code: 4 },
  { title: 'now-playing from the cache', args: ['now-playing', '--max-age', '3600'], modules: 1 },
  { title: 'now-playing over HTTP', args: ['now-playing'], modules: 34 },
  // Most of the bytes are the lock: a package that looks for its machine code, and that code.
  { title: 'token, refreshed', args: ['token', '--refresh'], modules: 76, mostBytes: 168_700 },
]

const repository = fileURLToPath(new URL('../', import.meta.url))

/** `it` with the modules of Node that an empty program loads. */
const it = plain.extend<{ floor: string[] }>({
  floor: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
    async ({}, use) => {
      const sandbox = createSandbox()
      await use(await builtinsOf(sandbox, ['-e', '0']))
      await sandbox.remove()
    },
    { scope: 'file' },
  ],
})

/** The modules of Node itself that a command line of `node` loads. */
async function builtinsOf(sandbox: Sandbox, args: string[], code = 0): Promise<string[]> {
  const cwd = sandbox.env.HOME ?? ''
  const preload = path.join(cwd, 'preload.cjs')
  writeFileSync(
    preload,
    `process.on('exit', () => require('fs').writeFileSync('modules.json', JSON.stringify(process.moduleLoadList)))`,
  )
  const child = spawn(process.execPath, ['--require', preload, ...args], { env: sandbox.env, cwd })
  child.stdout.resume()
  expect(await once(child, 'close')).toEqual([code, null])
  const loaded: string[] = JSON.parse(readFileSync(path.join(cwd, 'modules.json'), 'utf8'))
  return loaded.filter((name) => name.startsWith('NativeModule '))
}

describe.each(hotPaths)('$title', ({ title, args, modules, code = 0, mostBytes = 33_600 }) => {
  it.beforeEach(async ({ sandbox, standIn }) => {
    await hearATrack({ sandbox, standIn })
    await runInProcess(sandbox, ['now-playing', '--max-age', '3600'])
    if (code === 4) await runInProcess(sandbox, ['logout'])
  })

  it(`loads at most ${modules} of Node’s modules beyond those of an empty program`, async ({
    sandbox,
    floor,
  }) => {
    const loaded = await builtinsOf(sandbox, [programFile, ...args], code)
    const more = loaded.filter((name) => !floor.includes(name))
    expect(more.length, more.join('\n')).toBeLessThanOrEqual(modules)
  })

  const { title: described, skip } = needs(`reads at most ${mostBytes} bytes of JavaScript`, 'strace')
  it.skipIf(skip)(described, async ({ sandbox }) => {
    const log = path.join(sandbox.env.HOME ?? '', `${title}.strace`)
    const under = ['strace', '-f', '-qq', '--seccomp-bpf', '-e', 'trace=open,openat', '-o', log]
    expect(await sandbox.run(args, { under })).toMatchObject({ code })
    const opened = [...readFileSync(log, 'utf8').matchAll(/"([^"]+\.(?:c?js|mjs|node|json))", [^)]*\) = \d/g)]
    const files = new Set(opened.map(([, file]) => file ?? '').filter((file) => file.startsWith('/')))
    const ours = [...files].filter(
      (file) => realpathSync(file).startsWith(repository) || file.includes('node_modules'),
    )
    expect(ours).toContain(programFile)
    expect(ours.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThanOrEqual(mostBytes)
  })
})

it('is ASCII, as which it is read: any other letter would double the memory for the program’s text', () => {
  for (const file of [programFile, path.join(path.dirname(programFile), 'main.cjs')]) {
    expect(readFileSync(file, 'latin1')).not.toMatch(/[^\0-\x7f]/)
  }
})
