import { readFileSync } from 'node:fs'
import { ProgramFailure, runProgram } from './run-program.ts'

/**
 * When a process was started, in the system's words: another one that gets its number later is told from it by them.
 * Undefined where no process of ours has that number, and empty where the system does not say.
 */
export async function startOf(pid: number): Promise<string | undefined> {
  try {
    process.kill(pid, 0)
  } catch {
    return undefined
  }
  if (process.platform === 'win32') return ''
  const words = wordsOfProc(pid) ?? (await wordsOfPs(pid))
  // One that has ended keeps its number until its parent has asked how it ended.
  return words.state?.startsWith('Z') ? undefined : words.start
}

interface Words {
  state?: string
  start: string
}

/** On Linux; the start is in clock ticks since the computer was started. */
function wordsOfProc(pid: number): Words | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second word is a name in brackets, in which anything may stand.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0], start: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

/** On macOS and BSD; the start is a date. */
export async function wordsOfPs(pid: number): Promise<Words> {
  try {
    const { stdout } = await runProgram('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
      // Whoever looks later may be in another time zone.
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC0' },
      cwd: '/',
      input: '',
      deadlineMs: 2_000,
      maxBytes: 4_096,
    })
    const [state, ...start] = stdout.trim().split(/\s+/)
    return { state, start: start.join(' ') }
  } catch (error) {
    if (error instanceof ProgramFailure) return { start: '' }
    throw error
  }
}
