import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { floors } = (await import(path.join(root, 'imports.config.js'))) as { floors: string[][] }
const tool = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')

it('every file of src and bin stands on exactly one floor', () => {
  const files = ['bin', 'src'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name))),
  )
  const isOn = (part: string, file: string) => (part.endsWith('/') ? file.startsWith(part) : file === part)
  const misplaced = files.filter((file) => floors.flat().filter((part) => isOn(part, file)).length !== 1)
  expect(misplaced).toEqual([])
})

it('the map in CONTRIBUTING.md has every floor, in order', () => {
  const page = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8')
  const map = page.matchAll(/^ ?(\d+) {2}([a-z-]+(?:\/|\.ts)) /gm)
  const drawn = [...map].map(([, floor, part]) => ({ floor: Number(floor), part }))
  const expected = floors.flatMap((parts, index) =>
    parts.map((part) => ({ floor: index + 1, part: part.replace(/^src\//, '') })),
  )
  expect(drawn).toEqual(expected)
})

it('an import upwards, a package away from its home and a file without a floor are refused, and nothing else is', () => {
  const copy = mkdtempSync(path.join(tmpdir(), 'spotify-auth-imports-'))
  try {
    for (const name of ['bin', 'src', 'package.json', 'imports.config.js'])
      cpSync(path.join(root, name), path.join(copy, name), { recursive: true })
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))
    const plant = (file: string, line: string) => appendFileSync(path.join(copy, file), `${line}\n`)
    plant('src/oauth/scopes.ts', "import 'fs-native-extensions'")
    plant('src/now-playing/view.ts', "import '../completion/candidates.ts'")
    plant('src/untrusted/fields.ts', "import '../main.ts'")
    plant('src/planted.ts', "import 'commander'")
    const args = [tool, '--config', 'imports.config.js', '--output-type', 'json', 'bin', 'src']
    const { stdout } = spawnSync(process.execPath, args, {
      cwd: copy,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    })
    const { violations } = JSON.parse(stdout).summary as {
      violations: { from: string; rule: { name: string } }[]
    }
    // One of the planted imports closes circles through half of the house.
    const refused = violations.filter(({ rule }) => rule.name !== 'no circles')
    expect(refused.map(({ from, rule }) => `${from}: ${rule.name}`).toSorted()).toEqual([
      'src/now-playing/view.ts: src/now-playing/ imports downwards',
      'src/oauth/scopes.ts: fs-native-extensions has its home',
      'src/planted.ts: commander has its home',
      'src/planted.ts: every file has a floor',
      'src/untrusted/fields.ts: src/untrusted/ imports downwards',
    ])
    expect(violations.length).toBeGreaterThan(refused.length)
  } finally {
    rmSync(copy, { recursive: true })
  }
})
