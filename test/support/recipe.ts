import { codeBlocks } from './documents.ts'

/** The first (or n-th) block of code in that language on the page of recipes. */
export function recipe(language: string, n = 1): string {
  const code = codeBlocks('docs/recipes.md', language)[n - 1]?.code
  if (!code) throw new Error(`The page of recipes has none in ${language}`)
  return code
}

/** The block of code under that heading of the page. */
export function recipeUnder(heading: string): string {
  const code = ['sh', ''].flatMap((language) => codeBlocks('docs/recipes.md', language))
  const found = code.find((block) => block.heading === heading)?.code
  if (!found) throw new Error(`The page of recipes has none under "${heading}"`)
  return found
}
