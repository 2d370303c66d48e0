import { readFileSync } from 'node:fs'

/** The first block of code in that language in the README's section of recipes. */
export function recipe(language: string): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const recipes = readme.slice(readme.indexOf('\n## Recipes\n'))
  const [, code] = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(recipes) ?? []
  if (!code) throw new Error(`The README has no recipe in ${language}`)
  return code
}
