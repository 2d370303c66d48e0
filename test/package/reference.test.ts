import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))

it('the reference says what the declarations say (npm run docs writes it)', { timeout: 120_000 }, () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'spotify-auth-docs-'))
  try {
    // What its program starts in a process of its own.
    const typedoc = path.join(createRequire(docs).resolve('typedoc'), '../cli.js')
    execFileSync(process.execPath, [typedoc, '--out', directory], { cwd: docs, stdio: 'pipe' })
    const written = readFileSync(path.join(docs, 'reference.md'), 'utf8')
    expect(written).toBe(readFileSync(path.join(directory, 'reference.md'), 'utf8'))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
