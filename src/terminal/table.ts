import { type Cells, openCells } from './cells.ts'
import type { Style } from './style.ts'

export interface Column {
  title: string
  cells: string[]
  /** Numbers are aligned at their end, and are never cut. */
  isNumber?: boolean
  /** Left out of a narrow terminal. */
  isExtra?: boolean
}

const gap = '  '
const narrow = 60
const leastCells = 6
const rightToLeft = /\p{Script=Arabic}|\p{Script=Hebrew}/u

/** Renders a table of aligned columns, at most `width` cells wide, below a dim line of titles. */
export async function renderTable(columns: Column[], width: number, style: Style): Promise<string> {
  const cells = await openCells()
  const shown = columns.filter(({ isExtra, cells }) => cells.some(Boolean) && (!isExtra || width >= narrow))
  const widths = shareOut(shown, width - gap.length * (shown.length - 1), cells)
  const line = (texts: string[]) =>
    texts
      .map((text, at) => pad(text, widths[at] ?? 0, shown[at]?.isNumber ?? false, cells))
      .join(gap)
      .trimEnd()
  const titles = style.dim(line(shown.map(({ title }) => title)))
  const count = shown[0]?.cells.length ?? 0
  const rows = Array.from({ length: count }, (_, row) => line(shown.map((column) => column.cells[row] ?? '')))
  return [titles, ...rows].join('\n')
}

/** The width of each column: what it needs, or less for the widest where there is too little room. */
function shareOut(columns: Column[], available: number, { width }: Cells): number[] {
  const widths = columns.map(({ title, cells }) => Math.max(...[title, ...cells].map(width)))
  let excess = widths.reduce((sum, each) => sum + each, -available)
  while (excess-- > 0) {
    const textual = columns.flatMap(({ isNumber }, at) => (isNumber ? [] : [at]))
    const widest = textual.reduce(
      (most, at) => ((widths[at] ?? 0) > (widths[most] ?? 0) ? at : most),
      textual[0] ?? 0,
    )
    if ((widths[widest] ?? 0) <= leastCells) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

function pad(text: string, cells: number, isNumber: boolean, { cut, width }: Cells): string {
  const kept = cut(text, cells)
  const space = ' '.repeat(Math.max(0, cells - width(kept)))
  // The mark keeps terminals that reorder Arabic and Hebrew from swapping two columns.
  const mark = rightToLeft.test(kept) ? '\u200e' : ''
  return isNumber ? space + kept : kept + mark + space
}
