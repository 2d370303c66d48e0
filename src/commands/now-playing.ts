import type { Command } from '../command-line/command.ts'
import { inBraces, secondsFrom, wholeNumber } from '../command-line/flags.ts'
import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { type Escape, escapeBefore, escapes } from '../now-playing/escape.ts'
import { templateFieldNames } from '../now-playing/fields.ts'
import { renderJson, renderLine } from '../now-playing/render.ts'
import { lookUp } from '../now-playing/source.ts'
import { readTemplate } from '../now-playing/template.ts'
import type { View } from '../now-playing/view.ts'
import type { Form } from './watch-playing.ts'

interface NowPlayingOptions {
  format?: string
  escape?: Escape
  json?: boolean
  waybar?: boolean
  watch?: boolean
  interval?: number
  maxAge?: number
  maxLength?: number
  idle?: string
  exitCode?: boolean
}

export const nowPlayingCommand: Command<NowPlayingOptions> = {
  name: 'now-playing',
  summary: 'print what is playing',
  details: `A few lines with a progress bar in a terminal, one plain line in a pipe, nothing when nothing plays.
Fields of a template: ${templateFieldNames.map((field) => `{${field}}`).join(' ')}`,
  flags: {
    format: {
      value: 'TEMPLATE',
      describe: 'print one line, such as "{icon} {artists} - {title}"',
      choices: inBraces(templateFieldNames),
    },
    escape: {
      value: 'TARGET',
      describe: `for whom values are escaped: ${Object.keys(escapes).join(', ')}`,
      choices: Object.keys(escapes),
      parse: readEscape,
    },
    waybar: { describe: 'print a JSON object for waybar' },
    watch: { describe: 'stay, and print again when it has changed' },
    interval: {
      value: 'SECONDS',
      describe: 'with --watch, ask Spotify at this distance (default: when it is likely to be of use)',
      parse: secondsFrom(1),
    },
    'max-age': {
      value: 'SECONDS',
      describe: 'an answer of another command will do when it is no older',
      parse: secondsFrom(0),
    },
    'max-length': {
      value: 'CELLS',
      describe: 'cut the line, or each value of a template',
      parse: wholeNumber(1),
    },
    idle: { value: 'TEXT', describe: 'print this when nothing plays' },
    'exit-code': { describe: 'exit 3 when nothing plays' },
  },
  examples: [
    ['spotify-auth now-playing', 'what is playing'],
    ['spotify-auth now-playing --json | jq -r .album', 'one field of it'],
    ["spotify-auth now-playing --max-age 5 --escape tmux --format '{icon} {title}'", 'for a status bar'],
  ],
  run: nowPlaying,
}

async function nowPlaying(context: Context, options: NowPlayingOptions): Promise<void> {
  const { stdout, stderr } = context
  const form = await chooseForm(context, options)
  const { render } = form
  if (options.watch) {
    const { watchPlaying } = await import('./watch-playing.ts')
    return watchPlaying(context, options, form)
  }
  const found = await lookUp(context, options.maxAge)
  const view =
    found && form.namesLiked
      ? await (await import('../now-playing/liked.ts')).openLiked(context)(found)
      : found
  const text = render(view)
  if (text) stdout.write(`${text}\n`)
  if (view) return
  if (options.exitCode) throw new SpotifyAuthError('nothing_playing', 'Nothing is playing.')
  if (!text && stdout.isTerminal) stderr.write('Nothing is playing.\n')
}

async function chooseForm(context: Context, options: NowPlayingOptions): Promise<Form> {
  const { format, maxLength, idle = '', waybar } = options
  const cut = maxLength === undefined ? (text: string) => text : await openCut(maxLength)
  const target = waybar ? 'pango' : (options.escape ?? 'none')
  const escapeFor = escapes[target]
  const finish = (text: string) => escapeFor(cut(text))
  const template =
    format === undefined ? undefined : readTemplate(format, (text) => escapeBefore(text, target))
  const line = (view: View) => (template ? template.render(view, finish) : finish(renderLine(view)))
  const namesLiked = template?.namesLiked

  if (options.json) return { render: renderJson }
  if (waybar) {
    const { renderWaybar } = await import('../now-playing/render-waybar.ts')
    return { render: (view) => renderWaybar(view, view ? line(view) : idle), namesLiked }
  }
  if (isForPeople(context, options)) {
    const { openStyle } = await import('../terminal/style.ts')
    const { renderCard } = await import('../now-playing/render-card.ts')
    const style = await openStyle(context)
    const { columns } = context.stdout
    const toWidth = await openCut(columns - 2)
    const render = (view: View | undefined) => (view ? renderCard(view, style, columns, toWidth) : idle)
    return { render, isForPeople: true }
  }
  return { render: (view) => (view ? line(view) : idle), namesLiked }
}

async function openCut(most: number): Promise<(text: string) => string> {
  const { openCells } = await import('../terminal/cells.ts')
  const { cut } = await openCells()
  return (text) => cut(text, most)
}

function isForPeople({ stdout }: Context, options: NowPlayingOptions): boolean {
  const { format, json, waybar, maxLength } = options
  const isForScripts =
    format !== undefined || options.escape !== undefined || json || waybar || maxLength !== undefined
  return !isForScripts && stdout.isTerminal
}

function readEscape(text: string): string {
  if (Object.hasOwn(escapes, text)) return text
  throw new SpotifyAuthError('usage', 'There is nothing of that name to escape for.', {
    hint: `--escape takes ${Object.keys(escapes).join(', ')}.`,
  })
}
