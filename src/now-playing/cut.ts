/** Makes a function that cuts text to so many terminal cells, between graphemes, with `…` for what is gone. */
export async function openCut(cells: number): Promise<(text: string) => string> {
  const { default: stringWidth } = await import('string-width')
  const graphemes = new Intl.Segmenter()
  return (text) => {
    if (stringWidth(text) <= cells) return text
    let width = 1
    let kept = ''
    for (const { segment } of graphemes.segment(text)) {
      width += stringWidth(segment)
      if (width > cells) break
      kept += segment
    }
    return `${kept.trimEnd()}…`
  }
}
