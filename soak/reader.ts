import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Absence } from './absence.ts'
import type { Sighting } from './reader-process.ts'
import type { Report } from './report.ts'

const processFile = fileURLToPath(new URL('reader-process.ts', import.meta.url))

/** Reads the credential file all the time, in a process of its own, and reports what no reader must see. */
export function startReader(
  credentialFile: string,
  { absence, report }: { absence: Absence; report: Report },
): { stop(): void } {
  const child = fork(processFile, [credentialFile])
  child.on('message', (message) => {
    const sighting = message as Sighting
    if (sighting.kind === 'missing') absence.noteMissing('the credential file is gone', sighting.atMs)
    else report.fail('torn', `${sighting.reason}: ${JSON.stringify(sighting.text)}`)
  })
  return { stop: () => child.disconnect() }
}
