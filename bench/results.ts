import type { Row } from './row.ts'

/** A row of the table; the names are those of `--json`. */
export interface Result {
  name: string
  median_ms: number
  /** The median divided by that of the floor. */
  ratio: number
  /** The name of the row that the ratio is to. */
  floor: string
}

export function resultsOf(rows: Row[], medians: Map<string, number>): Result[] {
  const firstName = rows[0]?.name ?? ''
  const medianOf = (name: string) => medians.get(name) ?? Number.NaN
  return rows.map(({ name, floor = firstName }) => ({
    name,
    median_ms: medianOf(name),
    ratio: medianOf(name) / medianOf(floor),
    floor,
  }))
}

/** The results in aligned columns; a ratio that is not to the first row says to which one. */
export function formatResults(results: Result[]): string {
  const firstFloor = results[0]?.floor
  const lines = [
    ['', 'median ms', 'ratio', ''],
    ...results.map(({ name, median_ms, ratio, floor }) => [
      name,
      median_ms.toFixed(1),
      ratio.toFixed(2),
      floor === firstFloor ? '' : `to ${floor}`,
    ]),
  ]
  const width = Math.max(...results.map(({ name }) => name.length))
  return lines
    .map(([name = '', ms = '', ratio = '', to = '']) =>
      `${name.padEnd(width)}  ${ms.padStart(9)}  ${ratio.padStart(5)}  ${to}`.trimEnd(),
    )
    .join('\n')
}
