import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Row, Rows } from './row.ts'

/** Libraries to compare with: installed, or in a checkout that the variable names. */
const libraries = [
  { library: 'spotipy', variable: 'SPOTIPY_SOURCE' },
  { library: 'tekore', variable: 'TEKORE_SOURCE' },
]

/** now-playing from the same login, by a Python program for each library that can be imported. */
export function pythonRows(env: Record<string, string>, expected: Row['expected']): Rows {
  const rows: Row[] = []
  const leftOut: string[] = []
  for (const { library, variable } of libraries) {
    const name = `now-playing by ${library}`
    const source = process.env[variable]
    const environment = source ? { ...env, PYTHONPATH: source } : env
    const python = findPython(library, environment)
    const client = fileURLToPath(new URL(`now-playing-${library}.py`, import.meta.url))
    if (python) rows.push({ name, file: python, args: [client], env: environment, expected })
    else leftOut.push(`${name}: left out, python3 cannot import it (${variable} may name a checkout)`)
  }
  return { rows, leftOut }
}

/** The interpreter itself: what `python3` names may be a script that looks for it. */
function findPython(library: string, env: Record<string, string>): string | undefined {
  const program = `import sys, ${library}; print(sys.executable)`
  const { status, stdout } = spawnSync('python3', ['-c', program], { env, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
