import { codeBlocks } from './documents.ts'

/** The first (or n-th) block of code in that language on the page of recipes. */
export function recipe(language: string, n = 1): string {
  const code = codeBlocks('docs/recipes.md', language)[n - 1]?.code
  if (!code) throw new Error(`The page of recipes has none in ${language}`)
  return code
}
