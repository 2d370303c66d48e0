import { expect } from 'vitest'
import { runInProcess } from './in-process.ts'
import { it } from './logged-in.ts'
import { misused, success } from './outcome.ts'

/** A URI a line, as `--ids` prints them. */
export const idsOf = (items: { uri: string }[]) => items.map(({ uri }) => `${uri}\n`).join('')

/** What a list is to have, and the queries of the pages that it is to ask for. */
interface Pages {
  items: { uri: string }[]
  queries: string[]
}

/** Tests that a list asks for these pages, and prints what is on them. */
export function itListsPageByPage(title: string, args: string[], { items, queries }: Pages): void {
  it(`lists page by page ${title}`, async ({ sandbox, standIn }) => {
    expect(await runInProcess(sandbox, [...args, '--ids'])).toEqual({ ...success, stdout: idsOf(items) })
    expect(standIn.requests.map(({ query }) => String(query))).toEqual(queries)
  })
}

/** Tests that a list of what belongs to one type of thing refuses the name of another thing. */
export function itRefusesAnotherType(command: string, name: string, type: string, wanted: string): void {
  it(`refuses ${name}`, async ({ sandbox, standIn }) => {
    const uri = `spotify:${type}:${name.split(/[:/]/).at(-1)}`
    expect(await runInProcess(sandbox, [command, name])).toEqual({
      ...misused,
      stderr: `${uri} is of the type ${type}.\nThis takes: ${wanted}.\n`,
    })
    expect(standIn.requests).toEqual([])
  })
}
