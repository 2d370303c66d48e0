import { spawn } from 'node:child_process'
import { waitFor } from './sandbox.ts'

/** An interactive shell in a terminal of its own, which shows `ready> ` when it waits for a line. */
export interface TypedInto {
  /** Types, and returns what has been shown since, once that matches. */
  type(keys: string, until: RegExp): Promise<string>
  end(): Promise<void>
}

/** Starts a shell by this line, and waits until it waits; `script` is the program that makes the terminal. */
export async function startTyping(
  line: string,
  script: string,
  options: { cwd: string; env: Record<string, string> },
): Promise<TypedInto> {
  const child = spawn(script, ['-qec', `stty cols 200 rows 50; exec ${line}`, '/dev/null'], options)
  let shown = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    shown += text
  })
  child.stdin.on('error', () => {})
  const ended = new Promise((resolve) => child.once('close', resolve))
  const shell: TypedInto = {
    async type(keys, until) {
      const before = shown.length
      child.stdin.write(keys)
      await waitFor(() => until.test(shown.slice(before)))
      return shown.slice(before)
    },
    async end() {
      const timer = setTimeout(() => child.kill('SIGKILL'), 3000)
      child.stdin.write('\x15exit\r')
      await ended
      clearTimeout(timer)
    },
  }
  await waitFor(() => shown.includes('ready> ')).catch(async (error) => {
    await shell.end()
    throw error
  })
  return shell
}
