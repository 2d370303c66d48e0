import type { Command } from '../command-line/command.ts'
import { inBraces, jsonFlag, seconds, wholeNumber } from '../command-line/flags.ts'
import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { type Escape, escapeBefore, escapes } from '../now-playing/escape.ts'
import { renderJson, renderLine } from '../now-playing/render.ts'
import { lookUp } from '../now-playing/source.ts'
import { readTemplate, templateFields } from '../now-playing/template.ts'
import type { View } from '../now-playing/view.ts'

interface NowPlayingOptions {
  format?: string
  escape?: Escape
  json?: boolean
  waybar?: boolean
  watch?: boolean
  maxAge?: number
  maxLength?: number
  idle?: string
  exitCode?: boolean
}

export const nowPlayingCommand: Command<NowPlayingOptions> = {
  name: 'now-playing',
  summary: 'print what is playing',
  details: `A few lines with a progress bar in a terminal, one plain line in a pipe, nothing when nothing plays.
Fields of a template: ${templateFields.map((field) => `{${field}}`).join(' ')}`,
  flags: {
    format: {
      value: 'TEMPLATE',
      describe: 'print one line, such as "{icon} {artists} - {title}"',
      choices: inBraces(templateFields),
    },
    escape: {
      value: 'TARGET',
      describe: `for whom values are escaped: ${Object.keys(escapes).join(', ')}`,
      choices: Object.keys(escapes),
      parse: readEscape,
    },
    ...jsonFlag,
    waybar: { describe: 'print a JSON object for waybar' },
    watch: { describe: 'stay, and print again when it has changed' },
    'max-age': {
      value: 'SECONDS',
      describe: 'an answer of another command will do when it is no older',
      parse: seconds,
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

type Render = (view: View | undefined) => string

async function nowPlaying(context: Context, options: NowPlayingOptions): Promise<void> {
  const { stdout, stderr } = context
  const render = await chooseForm(context, options)
  if (options.watch) return watchPlaying(context, options, render)
  const view = await lookUp(context, options.maxAge)
  const text = render(view)
  if (text) stdout.write(`${text}\n`)
  if (view) return
  if (options.exitCode) throw new SpotifyAuthError('nothing_playing', 'Nothing is playing.')
  if (!text && stdout.isTerminal) stderr.write('Nothing is playing.\n')
}

async function watchPlaying(context: Context, options: NowPlayingOptions, render: Render): Promise<void> {
  const { stdout } = context
  const { watch } = await import('../now-playing/watch.ts')
  const redraw = stdout.isTerminal && isForPeople(context, options)
  let lines = 0
  await watch(context, {
    ask: () => lookUp(context, options.maxAge),
    render,
    show(text) {
      // The view is drawn over the one before, so that its bar seems to move.
      stdout.write(
        `${redraw && lines > 0 ? `\u001b[${lines}A\u001b[J` : ''}${text || (redraw ? 'Nothing is playing.' : '')}\n`,
      )
      lines = text.split('\n').length
    },
  })
}

async function chooseForm(context: Context, options: NowPlayingOptions): Promise<Render> {
  const { format, maxLength, idle = '', waybar } = options
  const cut = maxLength === undefined ? (text: string) => text : await openCut(maxLength)
  const target = waybar ? 'pango' : (options.escape ?? 'none')
  const escapeFor = escapes[target]
  const finish = (text: string) => escapeFor(cut(text))
  const template =
    format === undefined ? undefined : readTemplate(format, (text) => escapeBefore(text, target))
  const line = (view: View) => (template ? template(view, finish) : finish(renderLine(view)))

  if (options.json) return renderJson
  if (waybar) {
    const { renderWaybar } = await import('../now-playing/render-waybar.ts')
    return (view) => renderWaybar(view, view ? line(view) : idle)
  }
  if (isForPeople(context, options)) {
    const { openStyle } = await import('../terminal/style.ts')
    const { renderCard } = await import('../now-playing/render-card.ts')
    const style = await openStyle(context)
    const { columns } = context.stdout
    const toWidth = await openCut(columns - 2)
    return (view) => (view ? renderCard(view, style, columns, toWidth) : idle)
  }
  return (view) => (view ? line(view) : idle)
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
