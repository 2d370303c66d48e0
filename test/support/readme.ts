import { readFileSync } from 'node:fs'

/** The first (or n-th) block of code in that language in the README's section of recipes. */
export function recipe(language: string, n = 1): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const recipes = readme.slice(readme.indexOf('\n## Recipes\n'))
  const blocks = recipes.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))
  const code = [...blocks][n - 1]?.[1]
  if (!code) throw new Error(`The README has no recipe in ${language}`)
  return code
}
