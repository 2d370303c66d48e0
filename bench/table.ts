interface Result {
  name: string
  median_ms: number
  ratio: number
}

/** The results in aligned columns: row, median, ratio to the floor. */
export function formatTable(results: Result[]): string {
  const lines = [
    ['', 'median ms', 'ratio'],
    ...results.map(({ name, median_ms, ratio }) => [name, median_ms.toFixed(1), ratio.toFixed(2)]),
  ]
  const width = Math.max(...results.map(({ name }) => name.length))
  return lines
    .map(
      ([name = '', ms = '', ratio = '']) => `${name.padEnd(width)}  ${ms.padStart(9)}  ${ratio.padStart(5)}`,
    )
    .join('\n')
}
