import type { Flags } from '../command-line/command.ts'
import { wholeNumber } from '../command-line/flags.ts'
import type { Context } from '../context.ts'
import { clock } from '../terminal/clock.ts'
import { pastMoment } from '../terminal/moment.ts'
import { openStyle } from '../terminal/style.ts'
import { type Column, renderTable } from '../terminal/table.ts'
import { printableJson, sanitize } from '../untrusted/sanitize.ts'
import type { Item, ItemType } from '../web-api/catalogue.ts'

/** The flags of every command that lists items. */
export const listFlags: Flags = {
  limit: { value: 'N', describe: 'list no more than that', parse: wholeNumber(1) },
  ids: { describe: 'print one Spotify URI a line' },
}

export interface ListOptions {
  limit?: number
  ids?: boolean
  json?: boolean
}

const headings: Record<ItemType, string> = {
  artist: 'Artists',
  album: 'Albums',
  track: 'Tracks',
  playlist: 'Playlists',
  episode: 'Episodes',
  show: 'Shows',
}

/** Prints items as tables in a terminal, as lines with tabs in a pipe (URI, name, artists, album), as JSON or as URIs. */
export async function listItems(
  context: Pick<Context, 'stdout' | 'env' | 'color'>,
  items: Item[],
  options: ListOptions,
): Promise<void> {
  const { stdout } = context
  if (options.json) stdout.write(`${printableJson(items.map(itemFields))}\n`)
  else if (options.ids) stdout.write(items.map(({ uri }) => `${sanitize(uri)}\n`).join(''))
  else if (stdout.isTerminal) stdout.write(await renderItems(context, items))
  else stdout.write(items.map((item) => `${plainCells(item).map(sanitize).join('\t')}\n`).join(''))
}

/** An item as scripts read it; lengths are in milliseconds. */
function itemFields({ releaseDate, totalTracks, durationMs, playedAt, ...item }: Item) {
  const fields = { ...item, release_date: releaseDate, total_tracks: totalTracks, duration_ms: durationMs }
  return playedAt === undefined ? fields : { ...fields, played_at: playedAt }
}

function plainCells({ uri, name, artists, owner, album }: Item): string[] {
  return [uri, name, artists.join(', ') || (owner ?? ''), album ?? '']
}

async function renderItems(
  context: Pick<Context, 'stdout' | 'env' | 'color'>,
  items: Item[],
): Promise<string> {
  const style = await openStyle(context)
  const types = [...new Set(items.map(({ type }) => type))]
  // A queue mixes tracks and episodes, and its order matters: they stay in one table.
  const takeTurns = items.filter(({ type }, at) => type !== items[at - 1]?.type).length > types.length
  if (takeTurns) return `${await renderTable(columnsOf(items, 0), context.stdout.columns, style)}\n`
  const tables: string[] = []
  for (const type of types) {
    const those = items.filter((item) => item.type === type)
    const before = items.indexOf(those[0] as Item)
    const table = await renderTable(columnsOf(those, before), context.stdout.columns, style)
    tables.push(types.length > 1 ? `${style.bold(headings[type])}\n${table}\n` : `${table}\n`)
  }
  return tables.join('\n')
}

function columnsOf(items: Item[], before: number): Column[] {
  const column = (title: string, cell: (item: Item) => string | null | undefined, more = {}): Column => {
    return { title, cells: items.map((item) => sanitize(cell(item) ?? '')), ...more }
  }
  // When all items are by the same artists, that column is the first to go in a narrow terminal.
  const isSame = items.length > 1 && new Set(items.map(({ artists }) => artists.join())).size === 1
  return [
    { title: '#', cells: items.map((_, at) => String(before + at + 1)), isNumber: true },
    column('Name', ({ name }) => name),
    column('By', ({ artists, owner }) => artists.join(', ') || owner, { isExtra: isSame }),
    column('Album', ({ album }) => album, { isExtra: true }),
    column('Year', ({ releaseDate }) => releaseDate?.slice(0, 4), { isNumber: true }),
    column('Tracks', ({ totalTracks }) => totalTracks?.toString(), { isNumber: true, isExtra: true }),
    column('Length', ({ durationMs }) => (durationMs === null ? null : clock(durationMs)), {
      isNumber: true,
    }),
    column('Played', ({ playedAt }) => playedAt && pastMoment(playedAt), { isNumber: true }),
  ]
}
