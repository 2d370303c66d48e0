import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import made from '../../docs/pictures/pictures.json'
import { play, scenes } from '../../pictures/scenes.ts'
import { documents, readDocument } from '../support/documents.ts'
import { needs } from '../support/tools.ts'

const directory = new URL('../../docs/pictures/', import.meta.url)
const files = readdirSync(directory).filter((name) => name.endsWith('.png'))
const readPicture = (name: string) => readFileSync(new URL(name, directory))

describe.concurrent('a picture shows what the program prints (npm run pictures makes it):', () => {
  const inTmux = needs('', 'tmux')
  const inTerminal = needs('', 'script')
  const skip = inTmux.skip || inTerminal.skip

  it.skipIf(skip).for(scenes.map((scene) => [scene.name, scene] as const))(
    `%s${skip ? ' (skipped: tmux or script is missing)' : ''}`,
    async ([name, scene]) => {
      const { text } = await play(scene)
      expect(text).toBe((made.texts as Record<string, string>)[name])
    },
  )
})

it('the pictures are those that were made with these texts', () => {
  const hashes = files.map((name) => [name, createHash('sha256').update(readPicture(name)).digest('hex')])
  expect(Object.fromEntries(hashes)).toEqual(made.hashes)
})

it('all pictures together have at most 400 kB, and each is shown somewhere, with a text', () => {
  const sizes = files.map((name) => readPicture(name).length)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(400_000)
  const shown = documents.map(readDocument).join('\n')
  expect(files.filter((name) => !shown.includes(`pictures/${name}`))).toEqual([])
  for (const [, alt = ''] of shown.matchAll(/<img [^>]*alt="([^"]*)"/g))
    expect(alt.length).toBeGreaterThan(20)
})
