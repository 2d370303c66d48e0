import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const repository = fileURLToPath(new URL('../../', import.meta.url))

// The folder's own project is as strict as they get: every declaration is checked, and Node's types are not there.
const projects = [
  { title: 'without Node’s types', flags: [] },
  { title: 'without those of browsers', flags: ['--types', 'node', '--lib', 'es2023'] },
  { title: 'for a bundler', flags: ['--module', 'preserve', '--moduleResolution', 'bundler'] },
]

describe.each([
  { title: 'TypeScript 7', from: repository },
  { title: 'TypeScript 6', from: path.join(repository, 'docs') },
])('$title', ({ title, from }) => {
  const manifest = createRequire(path.join(from, 'package.json')).resolve('typescript/package.json')
  const compiler = path.join(path.dirname(manifest), 'bin', 'tsc')

  it('is what this says', () => {
    const { stdout } = spawnSync(process.execPath, [compiler, '--version'], { encoding: 'utf8' })
    expect(stdout).toContain(title.replace('TypeScript', 'Version'))
  })

  it.each(projects)('accepts what is right and refuses what is wrong $title', ({ flags }) => {
    const args = [compiler, '--project', 'test/package/types', ...flags]
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: repository, encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  })
})
