/** A command line up to the cursor, as the shell reads it. */
export interface TypedLine {
  /** The words before the one that is being typed, without the command's own name. */
  words: string[]
  /** The word that is being typed; empty after a space. */
  current: string
  /** The cursor is inside quotes. */
  quoted: boolean
}

/** Reads quotes and backslashes as bash, zsh and fish do; variables and the like stay as they are. */
export function readTypedLine(line: string): TypedLine {
  const words: string[] = []
  let current = ''
  let inWord = false
  let quote = ''
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? ''
    if (char === quote) {
      quote = ''
    } else if (!quote && /['"]/.test(char)) {
      quote = char
      inWord = true
    } else if (!quote && /\s/.test(char)) {
      if (inWord) words.push(current)
      current = ''
      inWord = false
    } else {
      const escapes = char === '\\' && (!quote || (quote === '"' && /["\\$`]/.test(line[at + 1] ?? '')))
      current += escapes ? (line[++at] ?? '') : char
      inWord = true
    }
  }
  // fish passes on what stands before the program's name, such as `sudo`. An alias has another name: then there is nothing to skip.
  const own = words.findIndex((word) => /(?:^|\/)spotify-auth$/.test(word))
  return { words: words.slice(Math.max(own, 0) + 1), current, quoted: quote !== '' }
}
