import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { track } from '../test/support/fixtures.ts'
import { followLogin } from '../test/support/follow-login.ts'
import { withProgramOnPath } from '../test/support/on-path.ts'
import { recipe } from '../test/support/recipe.ts'
import { createSandbox, type Sandbox } from '../test/support/sandbox.ts'
import { type StandIn, startStandIn } from '../test/support/stand-in.ts'
import { visit } from '../test/support/visit.ts'
import { openTerminal, type Size, type TerminalSession } from './terminal.ts'

/** What a picture shows: a terminal, and the page of a browser beside it. */
export interface Recording {
  bytes: string
  /** The screen as text, with what is another one each time made the same. */
  text: string
  page?: string
}

export interface Scene extends Size {
  name: string
  record(stage: Stage): Promise<Omit<Recording, 'text'> & { screen: string }>
}

interface Stage {
  sandbox: Sandbox
  standIn: StandIn
  /** Types a line at a shell's prompt, and shows what it prints. */
  open(line: string): TerminalSession
}

export const scenes: Scene[] = [
  {
    name: 'now-playing',
    columns: 60,
    rows: 5,
    async record({ open }) {
      const terminal = open(typed('spotify-auth now-playing'))
      await terminal.shows('5:04')
      return { bytes: terminal.bytes(), screen: await terminal.screen() }
    },
  },
  {
    name: 'login',
    columns: 72,
    rows: 15,
    async record({ open, sandbox }) {
      await sandbox.run(['logout'])
      const terminal = open(typed('spotify-auth login'))
      await terminal.shows('Waiting')
      const [authorizeUrl = ''] = /http\S+\/authorize\?\S+/.exec(terminal.bytes()) ?? []
      const { text: page } = await visit(await followLogin(authorizeUrl, 'agree'))
      await terminal.shows('Logged in as')
      return { bytes: terminal.bytes(), screen: await terminal.screen(), page }
    },
  },
  {
    name: 'play',
    columns: 72,
    rows: 24,
    async record({ open }) {
      const terminal = open(typed('spotify-auth play'))
      await terminal.shows('Artist')
      terminal.type('fogbound\r')
      await terminal.shows('Which artist')
      terminal.type('\r')
      await terminal.shows('Fog Signal No. 8')
      terminal.type('\u001b[B\u001b[B')
      await terminal.shows('● Fog Signal No. 3')
      return { bytes: terminal.bytes(), screen: await terminal.screen() }
    },
  },
  {
    name: 'tmux',
    columns: 96,
    rows: 8,
    async record({ open, sandbox }) {
      const directory = sandbox.env.HOME ?? ''
      const configuration = path.join(directory, 'tmux.conf')
      writeFileSync(
        configuration,
        `${recipe('tmux')}set -g automatic-rename off\nset -g status-style reverse\n`,
      )
      const socket = path.join(directory, 'tmux')
      const shell = `PS1='$ ' exec sh`
      const terminal = open(`tmux -S '${socket}' -f '${configuration}' new-session -s music -n sh "${shell}"`)
      await terminal.shows('Clair de lune')
      terminal.type('spotify-auth now-playing\r')
      await terminal.shows('5:04\n$')
      const shown = { bytes: terminal.bytes(), screen: await terminal.screen() }
      terminal.type('exit\r')
      return shown
    },
  },
]

/** Plays a scene with a stand-in for Spotify, at which somebody hears a track. */
export async function play(scene: Scene): Promise<Recording> {
  const standIn = await startStandIn()
  const sandbox = createSandbox(standIn)
  let terminal: TerminalSession | undefined
  try {
    standIn.playback = track
    await sandbox.logIn(standIn, { user: { id: 'ada.lovelace', displayName: 'Ada Lovelace' } })
    const env = { ...withProgramOnPath(sandbox), SPOTIFY_REDIRECT_URI: 'http://127.0.0.1/callback' }
    const open = (line: string) => {
      terminal = openTerminal(line, env, scene)
      return terminal
    }
    const { screen, ...shown } = await scene.record({ sandbox, standIn, open })
    const familiar = (text: string) => sameEachTime(text, sandbox, standIn)
    return { ...shown, bytes: familiar(shown.bytes), text: withoutChance(familiar(screen)) }
  } finally {
    await terminal?.stop()
    await sandbox.remove()
    await standIn.close()
  }
}

/** A shell's prompt with the command line behind it, and then the command. */
function typed(line: string): string {
  return `printf '\\033[1m$ %s\\033[0m\\n' '${line}'; ${line}`
}

/** With the addresses and the directory that a user sees. */
function sameEachTime(text: string, { env }: Sandbox, standIn: StandIn): string {
  return text
    .replaceAll(env.SPOTIFY_AUTH_HOME ?? '', '/home/ada/.spotify-auth')
    .replaceAll(standIn.accountsUrl, 'https://accounts.spotify.com')
    .replace(/127\.0\.0\.1(:|%3A)\d+/g, '127.0.0.1$13000')
}

/** The text without what is random, or of today. */
function withoutChance(text: string): string {
  return text
    .replace(/authorize\?[\s\S]*?\n\n/, 'authorize?…\n\n')
    .replace(/(:3000\/)[\w-]{22}/, '$1…')
    .replace(/until \d+ \w+ \d{4}/, 'until …')
}
