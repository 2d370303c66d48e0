/** Whether a login can go through the user's own browser: there is one, and somebody who looks at it. */
export function hasBrowser(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, isTerminal: boolean): boolean {
  if (!isTerminal || env.CI) return false
  if (env.BROWSER) return true
  // Over SSH the browser would open on the wrong machine.
  if (env.SSH_CONNECTION || env.SSH_TTY) return false
  if (platform !== 'linux') return true
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME)
}
