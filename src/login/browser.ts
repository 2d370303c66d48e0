import { spawn } from 'node:child_process'
import type { Environment } from '../settings/environment.ts'

/**
 * Whether there is a browser to open here: the user names one in BROWSER, or there is a screen. Over SSH it would
 * open on the wrong machine.
 */
export function hasBrowser(env: Environment): boolean {
  if (env.BROWSER?.trim()) return true
  if (env.SSH_CONNECTION || env.SSH_TTY) return false
  return process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME)
}

/**
 * Starts the browser: the command in BROWSER (no shell; `%s` stands for the URL, which otherwise comes last), or the
 * system's own. Resolves to whether it started; it never throws and does not wait for the browser's end.
 */
export async function openBrowser(env: Environment, url: string): Promise<boolean> {
  if (env.BROWSER?.trim()) return startCommand(env.BROWSER.trim(), url)
  const { default: open } = await import('open')
  const child = await open(url).catch(() => undefined)
  child?.on('error', () => {})
  return child !== undefined
}

function startCommand(command: string, url: string): Promise<boolean> {
  const words = command.split(/\s+/)
  const [file = '', ...args] = command.includes('%s')
    ? words.map((word) => word.replaceAll('%s', url))
    : [...words, url]
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: 'ignore', detached: true })
    child.once('spawn', () => resolve(true)).once('error', () => resolve(false))
    child.unref()
  })
}
