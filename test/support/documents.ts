import { readdirSync, readFileSync } from 'node:fs'

const root = new URL('../../', import.meta.url)

/** The pages that people read, by their path in the repository. */
export const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  'examples/authenticating-server/README.md',
]

export function readDocument(file: string): string {
  return readFileSync(new URL(file, root), 'utf8')
}

/** The blocks of code of a page in that language, each with the heading that it stands under. */
export function codeBlocks(file: string, language: string): { heading: string; code: string }[] {
  const found: { heading: string; code: string }[] = []
  let heading = ''
  for (const [, title, ticks, code = ''] of readDocument(file).matchAll(
    /^#+ (.*)$|^```(.*)\n([\s\S]*?)^```$/gm,
  )) {
    if (title !== undefined) heading = title
    else if (ticks === language) found.push({ heading, code })
  }
  return found
}
