import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { programFile, type Sandbox } from './sandbox.ts'
import { needs } from './tools.ts'

export const hasSqlite = isBuiltin('node:sqlite')

/** The kinds of locks that a home may have, as far as this computer and this Node can take them. */
export const kindsOfLocks = [
  { kind: 'addon', title: 'addon', skip: false },
  { kind: 'flock', ...needs('flock', 'flock') },
  {
    kind: 'sqlite',
    title: hasSqlite ? 'sqlite' : 'sqlite (skipped: Node has none before 22.13)',
    skip: !hasSqlite,
  },
] as const

/** The program among its packages but for the addon, and maybe another Node, to start instead of the usual ones. */
export function withoutAddon({ env }: Sandbox, node = process.execPath): string[] {
  const bare = path.join(env.HOME ?? '', 'bare')
  const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))
  mkdirSync(path.join(bare, 'node_modules'), { recursive: true })
  for (const name of readdirSync(modules)) {
    if (name !== 'fs-native-extensions')
      symlinkSync(path.join(modules, name), path.join(bare, 'node_modules', name))
  }
  cpSync(path.dirname(programFile), path.join(bare, 'dist'), { recursive: true })
  const program = path.join(bare, 'dist', path.basename(programFile))
  // `$1` is the program that would have been started.
  return ['/bin/sh', '-c', `shift; exec '${node}' '${program}' "$@"`]
}

/** An environment whose `PATH` leads to these programs, by the names that they get, and to no others. */
export function withPath({ env }: Sandbox, programs: Record<string, string>): { PATH: string } {
  const directory = path.join(env.HOME ?? '', 'path')
  mkdirSync(directory)
  for (const [name, program] of Object.entries(programs)) {
    symlinkSync(needs('', program).file, path.join(directory, name))
  }
  return { PATH: directory }
}

/** An environment in which Node has no SQLite. */
export const withoutSqlite: Record<string, string> = hasSqlite
  ? { NODE_OPTIONS: '--no-experimental-sqlite' }
  : {}
