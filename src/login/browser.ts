import { type ChildProcess, spawn } from 'node:child_process'
import { delimiter } from 'node:path'
import { systemCode } from '../errors.ts'
import type { Environment } from '../settings/environment.ts'

/** A program that fails later than this has shown something. */
const momentMs = 5_000

/**
 * Whether there is a browser to open here: the user names one in BROWSER, or there is a screen. Over SSH it would
 * open on the wrong machine.
 */
export function hasBrowser(env: Environment): boolean {
  if (commandsOf(env).length > 0) return true
  if (env.SSH_CONNECTION || env.SSH_TTY) return false
  return process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME)
}

/**
 * Starts the browser: the commands in BROWSER, one after the other until one does not fail at once (no shell; words with
 * spaces in double quotes; `%s` stands for the URL, which otherwise comes last), or the system's own. Tells what failed,
 * and resolves to whether one is left that did not; `isDone` ends the search. It never throws and does not wait for the
 * browser's end.
 */
export async function openBrowser(
  env: Environment,
  url: string,
  { isDone, tell }: { isDone(): boolean; tell(failure: string): void },
): Promise<boolean> {
  const commands = commandsOf(env)
  const starts = commands.map((command) => ({
    name: `${command}: `,
    start: () => startCommand(command, url),
  }))
  for (const { name, start } of commands.length > 0
    ? starts
    : [{ name: '', start: () => startDefault(url) }]) {
    const failure = await failureOf(start)
    if (failure === undefined || isDone()) return true
    tell(`${name}${failure}`)
  }
  return false
}

/** BROWSER may be a list, as PATH is. */
function commandsOf({ BROWSER = '' }: Environment): string[] {
  return BROWSER.split(delimiter)
    .map((command) => command.trim())
    .filter(Boolean)
}

async function startCommand(command: string, url: string): Promise<ChildProcess> {
  const words = (command.match(/(?:"[^"]*"|\S)+/g) ?? []).map((word) => word.replaceAll('"', ''))
  const [file = '', ...args] = command.includes('%s')
    ? words.map((word) => word.replaceAll('%s', url))
    : [...words, url]
  const child = spawn(file, args, { stdio: 'ignore', detached: true })
  child.unref()
  return child
}

async function startDefault(url: string): Promise<ChildProcess> {
  const { default: open } = await import('open')
  return open(url)
}

/** Why it could not be started, or how it failed within a moment; undefined where it did neither. */
async function failureOf(start: () => Promise<ChildProcess>): Promise<string | undefined> {
  try {
    const child = await start()
    return await new Promise<string | undefined>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`)))
      setTimeout(() => resolve(undefined), momentMs).unref()
    })
  } catch (error) {
    // Some reasons are thrown, others come as an event.
    return systemCode(error) ?? String(error)
  }
}
