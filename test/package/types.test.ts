import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const repository = fileURLToPath(new URL('../../', import.meta.url))

// The folder’s own project is as strict as they get: every declaration but TypeScript’s own is checked, and Node’s types
// are not there. Where they are, they are not checked: that takes longer than all the rest, and they are not ours.
const projects = [
  { title: 'without Node’s types', flags: [] },
  {
    title: 'with them in place of those of browsers',
    flags: ['--types', 'node', '--lib', 'es2023', '--skipLibCheck'],
  },
  {
    title: 'without either, for a bundler',
    flags: ['--lib', 'es2023', '--module', 'preserve', '--moduleResolution', 'bundler'],
  },
]

describe.each([
  { title: 'TypeScript 7', from: repository },
  { title: 'TypeScript 6', from: path.join(repository, 'docs') },
])('$title', { timeout: 120_000 }, ({ title, from }) => {
  const require = createRequire(path.join(from, 'package.json'))
  const compiler = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')

  it('is what this says', () => {
    const { version } = require('typescript/package.json')
    expect(`TypeScript ${version}`.split('.')[0]).toBe(title)
  })

  it.each(projects)('accepts what is right and refuses what is wrong $title', async ({ flags }) => {
    const args = [compiler, '--project', 'test/package/types', ...flags]
    const outcome = promisify(execFile)(process.execPath, args, { cwd: repository }).then(
      ({ stdout }) => ({ status: 0, stdout }),
      ({ code, stdout }) => ({ status: code, stdout }),
    )
    expect(await outcome).toEqual({ status: 0, stdout: '' })
  })
})
