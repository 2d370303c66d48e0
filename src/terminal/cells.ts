/** What is known of a text in a terminal. */
export interface Cells {
  /** How many cells it takes: wide characters two, marks none. */
  width(text: string): number
  /** Cuts it to so many cells, between graphemes, with `…` for what is gone. */
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
