import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { hasSqlite, withoutAddon, withPath } from './locks.ts'
import { fetchNode } from './nodes.ts'
import { type Sandbox, waitFor } from './sandbox.ts'
import { needs } from './tools.ts'

/** How the program is started on a platform. */
interface Machine {
  /** For the sandbox. */
  options: { under?: string[]; env?: Record<string, string> }
  /** Whether it can start the sandbox's browser each time; without that, somebody opens the link that is shown. */
  hasBrowser?: false
  /** Whether each start takes seconds. */
  isSlow?: true
  /** What ends it at once, where that is not SIGKILL. */
  kill?: NodeJS.Signals
}

export interface Platform {
  title: string
  skip: boolean
  /** The kind of lock that its homes get; undefined where that is the best that there is. */
  lock?: 'addon' | 'flock' | 'sqlite'
  prepare(sandbox: Sandbox): Promise<Machine>
}

const isWindows = process.platform === 'win32'
const isWanted = Boolean(process.env.CI) || process.env.PLATFORMS === 'all'

const here = platform('this machine', [], undefined, async (sandbox) => ({
  options: { env: isWindows ? onWindows(sandbox, process.execPath) : {} },
}))

/** Windows itself, or else what Wine makes of it. */
export const windows = isWindows
  ? here
  : platform('Windows, as Wine has it', ['wine'], 'addon', async (sandbox) => {
      const node = await fetchNode('win-x64', '20')
      return {
        options: { under: inWine(sandbox, node), env: onWindows(sandbox, node) },
        hasBrowser: false,
        kill: 'SIGTERM',
      }
    })

/** Linux on this machine as it is, and with less than it has; elsewhere only what this machine is. */
export const onThisMachine: Platform[] = [
  ...(isWindows ? [] : [here]),
  platform('without the addon, with flock', ['flock'], 'flock', async (sandbox) => ({
    options: { under: withoutAddon(sandbox) },
  })),
  platform('without the addon, with the flock of BusyBox', ['busybox'], 'flock', async (sandbox) => ({
    options: {
      under: withoutAddon(sandbox),
      env: withPath(sandbox, { mv: 'mv', flock: 'busybox' }),
    },
  })),
  platform('without the addon and flock, with SQLite', ['mv'], 'sqlite', async (sandbox) => ({
    options: {
      under: withoutAddon(sandbox, hasSqlite ? process.execPath : await fetchNode('linux-x64', '24')),
      env: withPath(sandbox, { mv: 'mv' }),
    },
  })),
]

export const arm64 = platform(
  'Linux on arm64',
  ['qemu-aarch64-static', '/lib/ld-linux-aarch64.so.1'],
  'addon',
  async () => ({
    options: { under: emulated('qemu-aarch64-static', await fetchNode('linux-arm64', '20')) },
    isSlow: true,
  }),
)

export const armv7 = platform(
  'Linux on armv7',
  ['qemu-arm-static', '/lib/ld-linux-armhf.so.3', 'flock'],
  'flock',
  async (sandbox) => ({
    options: {
      under: emulated('qemu-arm-static', await fetchNode('linux-armv7l', '20')),
      env: asLaterNode(sandbox),
    },
    isSlow: true,
  }),
)

function platform(
  title: string,
  tools: string[],
  lock: Platform['lock'],
  prepare: Platform['prepare'],
): Platform {
  if (!isWanted) return { title: `${title} (skipped: without PLATFORMS=all)`, skip: true, lock, prepare }
  const lacking = tools.map((each) => needsWhole(title, each)).find(({ skip }) => skip)
  return { title: lacking?.title ?? title, skip: lacking !== undefined, lock, prepare }
}

/** Debian's BusyBox is built without flock; `.ci/busybox` builds one that has it. */
function needsWhole(title: string, tool: string): { title: string; skip: boolean } {
  const need = needs(title, tool)
  const isWhole = tool !== 'busybox' || need.skip || spawnSync(need.file, ['flock']).status !== 127
  return isWhole || process.env.CI ? need : { title: `${title} (skipped: ${tool} has no flock)`, skip: true }
}

const emulated = (emulator: string, node: string) => ['/bin/sh', '-c', `exec ${emulator} '${node}' "$@"`]

/** The newest Node that the registry has for armv7 is 20.11, which lacks two functions that 20.20 has. */
function asLaterNode({ env }: Sandbox): Record<string, string> {
  const file = path.join(env.HOME ?? '', 'later-node.cjs')
  writeFileSync(
    file,
    `process.getBuiltinModule ??= (name) => require(name)
const crypto = require('node:crypto')
crypto.hash ??= (name, data, encoding = 'hex') => crypto.createHash(name).update(data).digest(encoding)
`,
  )
  return { NODE_OPTIONS: `--require ${file}` }
}

/** `%APPDATA%` is the directory of the home, which has no other way to be found, and the browser is a script for Node. */
function onWindows({ env, home }: Sandbox, node: string): Record<string, string> {
  const { HOME = '' } = env
  const browser = path.join(HOME, 'a browser.cjs')
  const opened = path.join(HOME, 'opened-url')
  writeFileSync(
    browser,
    `const fs = require('node:fs')
fs.writeFileSync(${JSON.stringify(`${opened}.part`)}, process.argv[2])
fs.renameSync(${JSON.stringify(`${opened}.part`)}, ${JSON.stringify(opened)})
`,
  )
  mkdirSync(home, { recursive: true })
  if (isWindows) symlinkSync(home, path.join(HOME, 'spotify-auth'), 'junction')
  return {
    SPOTIFY_AUTH_HOME: '',
    APPDATA: HOME,
    BROWSER: `${node} "${browser}"`,
    // Without it, Windows opens no socket.
    ...(isWindows && { SystemRoot: process.env.SystemRoot ?? '' }),
  }
}

let prefix: string | undefined

/**
 * Starts it in a Windows of the tests' own, whose `%APPDATA%\\spotify-auth` is the sandbox's home. Wine gives Node no pipe
 * that it could use: it writes to files, which are copied. SIGTERM ends it as SIGKILL would.
 */
function inWine({ env, home }: Sandbox, node: string): string[] {
  prefix ??= newWindows()
  const appData = path.join(prefix, 'drive_c/users', userInfo().username, 'AppData/Roaming')
  rmSync(path.join(appData, 'spotify-auth'), { force: true })
  symlinkSync(home, path.join(appData, 'spotify-auth'))
  const files = path.join(env.HOME ?? '', 'written')
  return [
    '/bin/sh',
    '-c',
    `${inPrefix(prefix)}
    : >'${files}'.$$.out >'${files}'.$$.err
    wine '${node}' "$@" </dev/null >'${files}'.$$.out 2>'${files}'.$$.err & pid=$!
    trap 'kill -9 $pid' TERM
    ( while kill -0 $$ && kill -0 $pid; do sleep 0.2; done; kill -9 $pid ) >/dev/null 2>&1 &
    tail --lines +1 --follow --sleep-interval 0.05 --pid $pid '${files}'.$$.err >&2 &
    wait $pid; code=$?; wait
    cat '${files}'.$$.out
    exit $code`,
  ]
}

const inPrefix = (directory: string) =>
  `export WINEPREFIX='${directory}' WINEDEBUG=-all NODE_SKIP_PLATFORM_CHECK=1`

/** Starts it at a console, which Wine has where it is in a terminal. */
export async function atConsole(): Promise<string[]> {
  prefix ??= newWindows()
  return ['/bin/sh', '-c', `${inPrefix(prefix)}; exec wine '${await fetchNode('win-x64', '20')}' "$@"`]
}

/** A program of Windows has this file open, as many there do, so that it cannot be replaced; returns how it is let go. */
export async function holdOpen({ env, start }: Sandbox, file: string): Promise<() => Promise<unknown>> {
  const place = (name: string) => path.join(env.HOME ?? '', name)
  const onDrive = (name: string) => (isWindows ? name : `Z:${name.replaceAll('/', '\\')}`)
  const [script, batch, isHeld] = ['hold.cjs', 'hold.bat', 'is-held'].map(place) as [string, string, string]
  writeFileSync(
    script,
    `const fs = require('node:fs')
const file = ${JSON.stringify(onDrive(isHeld))}
fs.writeFileSync(file, '')
setInterval(() => fs.existsSync(file) || process.exit(), 20)
`,
  )
  const node = isWindows ? process.execPath : await fetchNode('win-x64', '20')
  // What is opened by the command processor is not shared with those who would rename or remove it.
  writeFileSync(batch, `@"${onDrive(node)}" "${onDrive(script)}" <"${onDrive(file)}"\r\n`)
  prefix ??= isWindows ? undefined : newWindows()
  const under = isWindows
    ? ['cmd', '/c', batch]
    : ['/bin/sh', '-c', `${inPrefix(prefix ?? '')}; exec wine cmd /c '${onDrive(batch)}' >/dev/null 2>&1`]
  const { outcome } = start([], { under })
  await waitFor(() => existsSync(isHeld))
  return () => {
    rmSync(isHeld)
    return outcome
  }
}

function newWindows(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'spotify-auth-wine-'))
  // Otherwise it puts its programs into the menus of the user's desktop.
  const noMenus = 'winemenubuilder.exe=d'
  const env = { ...process.env, WINEPREFIX: directory, WINEDEBUG: '-all', WINEDLLOVERRIDES: noMenus }
  execFileSync('wineboot', ['--init'], { env, stdio: 'ignore' })
  return directory
}

/** Ends the Windows of the tests, if one has been started. */
export function removeWindows(): void {
  if (prefix === undefined) return
  // It says that it has failed where it has ended by itself.
  spawnSync('wineserver', ['--kill', '--wait'], { env: { ...process.env, WINEPREFIX: prefix } })
  rmSync(prefix, { recursive: true, force: true })
  prefix = undefined
}
