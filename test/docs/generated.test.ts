import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { generatePages } from '../../docs/generate/pages.ts'
import { readDocument } from '../support/documents.ts'
import { needs } from '../support/tools.ts'

it.for(Object.entries(await generatePages()))(
  '%s says what the table of commands says (npm run docs writes it)',
  ([file, text]) => {
    expect(readDocument(file)).toBe(text)
  },
)

const byMan = needs('man takes the manual page without a warning', 'man')
it.skipIf(byMan.skip)(byMan.title, () => {
  const page = new URL('../../man/spotify-auth.1', import.meta.url).pathname
  const warnings = execFileSync(
    'sh',
    [
      '-c',
      `man --warnings --local-file --encoding=utf8 --troff-device=utf8 --ditroff "$1" 2>&1 >/dev/null`,
      '',
      page,
    ],
    { encoding: 'utf8', env: { ...process.env, MANROFFSEQ: '' } },
  )
  expect(warnings).toBe('')
})
