export interface Result {
  name: string
  median_ms: number
  /** To the row's floor. */
  ratio: number
  floor: string
}

/** The results in aligned columns: row, median, ratio to the floor, and to which if it is another one. */
export function formatTable(results: Result[]): string {
  const floor = results[0]?.floor
  const lines = [
    ['', 'median ms', 'ratio', ''],
    ...results.map((row) => [
      row.name,
      row.median_ms.toFixed(1),
      row.ratio.toFixed(2),
      row.floor === floor ? '' : `to ${row.floor}`,
    ]),
  ]
  const width = Math.max(...results.map(({ name }) => name.length))
  return lines
    .map(([name = '', ms = '', ratio = '', to = '']) =>
      `${name.padEnd(width)}  ${ms.padStart(9)}  ${ratio.padStart(5)}  ${to}`.trimEnd(),
    )
    .join('\n')
}
