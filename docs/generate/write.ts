import { writeFileSync } from 'node:fs'
import { generatePages } from './pages.ts'

for (const [file, text] of Object.entries(await generatePages())) {
  writeFileSync(new URL(`../../${file}`, import.meta.url), text)
}
