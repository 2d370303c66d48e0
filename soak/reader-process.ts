import fs from 'node:fs'
import { endingSignals } from '../src/errors.ts'
import { parseCredential } from '../src/session/credential-text.ts'

/** What is seen in the credential file that a reader must not see, or not always. */
export type Sighting = { kind: 'torn'; text: string; reason: string } | { kind: 'missing'; atMs: number }

// A process of its own that does little else: what is torn for a few microseconds only must be met, too.
const [, , file = ''] = process.argv
let lastText: string | undefined
setInterval(look, 1)
for (const signal of endingSignals) process.on(signal, () => {})
process.once('disconnect', () => process.exit())

function look(): void {
  const atMs = Date.now()
  const text = readIfThere()
  if (text === lastText) return
  lastText = text
  const sighting = judge(text, atMs)
  if (sighting) process.send?.(sighting)
}

function readIfThere(): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function judge(text: string | undefined, atMs: number): Sighting | undefined {
  if (text === undefined) return { kind: 'missing', atMs }
  try {
    parseCredential(text)
  } catch (error) {
    return { kind: 'torn', text, reason: String(error) }
  }
}
