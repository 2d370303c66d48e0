import { mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it as plain } from 'vitest'
import { askOnce } from '../../src/now-playing/ask-once.ts'

/** `it` with a file that two processes may share an answer in, which holds none that is good. */
const it = plain.extend<{ file: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  file: async ({}, use) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'ask-once-'))
    const file = path.join(directory, 'shared')
    writeFileSync(file, 'an old answer')
    await use(file)
    rmSync(directory, { recursive: true })
  },
})

/** Asks, and does something at a moment of the first answer; returns what is answered in the end, and how often it asked. */
async function askWhile(file: string, moments: { asked?(): void; written?(): void }) {
  let times = 0
  const answer = await askOnce<string>(file, {
    isGood: () => false,
    read: () => undefined,
    async ask() {
      times++
      if (times === 1) moments.asked?.()
      return `answer ${times}`
    },
    keep(fresh) {
      writeFileSync(`${file}.new`, fresh)
      if (times === 1) moments.written?.()
      renameSync(`${file}.new`, file)
    },
  })
  return { answer, times }
}

const changes = [
  { title: 'empties', change: (file: string) => truncateSync(file, 0) },
  { title: 'removes', change: (file: string) => rmSync(file) },
  {
    title: 'replaces',
    change(file: string) {
      writeFileSync(`${file}.other`, 'of another command')
      renameSync(`${file}.other`, file)
    },
  },
]

it('is content with the first answer where nothing has changed', async ({ file }) => {
  expect(await askWhile(file, {})).toEqual({ answer: 'answer 1', times: 1 })
})

it.for(changes)('asks once more when a command $title the file meanwhile', async ({ change }, { file }) => {
  expect(await askWhile(file, { asked: () => change(file) })).toEqual({ answer: 'answer 2', times: 2 })
})

it('asks once more when a command empties it at the last moment before it is replaced', async ({ file }) => {
  const written = () => truncateSync(file, 0)
  expect(await askWhile(file, { written })).toEqual({ answer: 'answer 2', times: 2 })
})
