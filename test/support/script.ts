import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

interface Script {
  child: ChildProcess
  outcome: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>
}

/** The package's own directory: a script that starts here imports the package by its name, as built. */
export const packageDirectory = fileURLToPath(new URL('../..', import.meta.url))

/** Runs these lines of JavaScript in a Node process of their own. */
export function startScript(
  lines: string,
  env: Record<string, string>,
  { type = 'module', under = [] }: { type?: 'module' | 'commonjs'; under?: string[] } = {},
): Script {
  const [file = '', ...words] = [...under, process.execPath, `--input-type=${type}`, '--eval', lines]
  const child = spawn(file, words, { env, cwd: packageDirectory, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = async () => {
    const [[code, signal], stdout, stderr] = await Promise.all([
      once(child, 'close'),
      text(child.stdout),
      text(child.stderr),
    ])
    return { code, signal, stdout, stderr }
  }
  return { child, outcome: ended() }
}
