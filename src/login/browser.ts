import { spawn } from 'node:child_process'
import type { Context } from '../context.ts'

/**
 * Opens the URL in the user's browser: the command in BROWSER (no shell; `%s` stands for the URL, which otherwise
 * comes last), or the system's own. Resolves to whether something was started; it never throws and never waits
 * for the browser.
 */
export async function openBrowser({ env }: Pick<Context, 'env'>, url: string): Promise<boolean> {
  if (env.BROWSER) return startCommand(env.BROWSER, url)
  if (!hasScreen(env)) return false
  const { default: open } = await import('open')
  const child = await open(url).catch(() => undefined)
  child?.on('error', () => {})
  return child !== undefined
}

function startCommand(command: string, url: string): Promise<boolean> {
  const words = command.split(/\s+/).filter(Boolean)
  const [file = '', ...args] = command.includes('%s')
    ? words.map((word) => word.replaceAll('%s', url))
    : [...words, url]
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: 'ignore', detached: true })
    child.once('spawn', () => resolve(true)).once('error', () => resolve(false))
    child.unref()
  })
}

/** Over SSH the browser would open on the wrong machine, and without a display there is none. */
function hasScreen(env: Context['env']): boolean {
  if (env.SSH_CONNECTION || env.SSH_TTY) return false
  if (process.platform !== 'linux') return true
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME)
}
