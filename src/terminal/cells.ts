/** Measures and cuts texts by the cells that they take in a terminal. */
export interface Cells {
  /** How many cells a text takes: two for a wide character, none for a combining mark. */
  width(text: string): number
  /** Cuts a text to at most so many cells, between graphemes, and ends it with `…`. */
  cut(text: string, cells: number): string
}

export async function openCells(): Promise<Cells> {
  const { default: width } = await import('string-width')
  const graphemes = new Intl.Segmenter()
  return {
    width,
    cut(text, cells) {
      if (width(text) <= cells) return text
      let taken = 1
      let kept = ''
      for (const { segment } of graphemes.segment(text)) {
        taken += width(segment)
        if (taken > cells) break
        kept += segment
      }
      return `${kept.trimEnd()}…`
    },
  }
}
