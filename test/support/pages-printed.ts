import { expect } from 'vitest'
import { runInProcess } from './in-process.ts'
import type { Sandbox } from './sandbox.ts'
import type { StandIn } from './stand-in.ts'

/** A list of 1,000 tracks, which `api --paginate` is tried on. */
export const library = 'GET /v1/me/tracks'

/** How often Spotify has been asked for pages of that list. */
export function pagesAsked(standIn: StandIn): number {
  return standIn.requestsTo(library).length
}

/** For `it.beforeEach`: somebody is logged in. */
export async function logIn({ sandbox, standIn }: { sandbox: Sandbox; standIn: StandIn }) {
  await sandbox.logIn(standIn)
}

export function paginate(sandbox: Sandbox, ...args: string[]) {
  return sandbox.run(['api', '--paginate', ...args])
}

/** Does the same in the process of the tests: for rows of a table. */
export function paginateInProcess(sandbox: Sandbox, ...args: string[]) {
  return runInProcess(sandbox, ['api', '--paginate', ...args])
}

export const success = { code: 0, signal: null, stderr: '' }

/** What was printed as values; throws unless each line is whole and JSON. */
export function values(stdout: string) {
  const lines = stdout.split('\n')
  expect(lines.pop()).toBe('')
  return lines.map((line) => JSON.parse(line))
}

export function trackNames(stdout: string): string[] {
  return values(stdout).map(({ track }) => track.name)
}

/** The names of the first so many tracks of that list. */
export function nocturnes(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `Nocturne No. ${index + 1}`)
}

/** Waits until a number has stayed the same for a second. */
export async function settled(count: () => number): Promise<void> {
  for (let seen = -1; seen !== count(); ) {
    seen = count()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}
