import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The npm that started the tests; on Windows the one on the path is a script, which cannot be started as a program. */
const [program, ...words] = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm']

/** Runs npm without anything that the npm around it says, but for the registry; rejects where npm fails. */
export function npm(args: string[], cwd: string, env: Record<string, string> = {}) {
  const others = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_registry$)/i.test(name) && name !== 'INIT_CWD',
  )
  return run(program ?? 'npm', [...words, ...args, '--no-audit', '--no-fund'], {
    cwd,
    env: { ...Object.fromEntries(others), ...env },
  })
}

/** Whether the registry answers. */
export async function hasRegistry(): Promise<boolean> {
  return npm(['ping', '--fetch-retries=0', '--fetch-timeout=5000'], '.').then(
    () => true,
    () => false,
  )
}
