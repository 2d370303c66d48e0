import { setTimeout as sleep } from 'node:timers/promises'
import type { ProfileLocation } from '../settings/environment.ts'
import { removeQuietly } from '../system/durable.ts'
import { writePrivateFile } from '../system/private-file.ts'
import { endWithAll, ProgramFailure } from '../system/run-program.ts'
import { readSmallFile } from '../system/small-file.ts'
import { startOf } from '../system/started-process.ts'
import { numberOf, parseFields } from '../untrusted/fields.ts'
import { dotfilePath, storageError } from './dotfile.ts'

// A helper goes on when the command that has started it is killed, and what it stores must not come after what the next
// command stores. So a file names the process before that is told what to store, and the next command waits for its end.

/** How long a process may take to end when it has been killed, and how often it is looked at. */
const endsWithinMs = 1_000
const everyMs = 50

/**
 * Runs a helper with a note of its process, and for how long it may be at work. Throws `storage` where that cannot be
 * written, unless it `mustEnd`: a new token is better with a helper of which there is no note than in a file.
 */
export async function whileNoted<T>(
  place: ProfileLocation,
  patienceMs: number,
  mustEnd: boolean,
  run: (onStart: (pid: number) => Promise<void>) => Promise<T>,
): Promise<T> {
  const untilMs = Date.now() + patienceMs
  try {
    return await run(async (pid) => {
      try {
        const start = await startOf(pid)
        if (start !== undefined)
          writePrivateFile(noteFile(place), JSON.stringify({ pid, start, until_ms: untilMs }))
      } catch (error) {
        if (!mustEnd) throw storageError(`${noteFile(place)} cannot be written`, error)
      }
    })
  } finally {
    removeQuietly(noteFile(place))
  }
}

/**
 * Waits for the end of a helper that another command has told what to store, and ends it, with all that it has started,
 * when its time is over; where the system does not say which process has that number now, it is left alone.
 * Throws `ProgramFailure` when the patience is over before. Waiting ends with the `signal`.
 */
export async function outlastCall(
  place: ProfileLocation,
  patienceMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const noted = readNote(place)
  if (!noted) return
  const { pid, start } = noted
  const isAtWork = async () => (await startOf(pid)) === start
  const waitUntil = async (endMs: number) => {
    while (Date.now() < endMs && (await isAtWork())) await sleep(everyMs, undefined, { signal })
  }
  await waitUntil(Math.min(noted.untilMs, Date.now() + patienceMs))
  if (await isAtWork()) {
    // It may have been given more time on a terminal, whose command may wait for it still.
    if (Date.now() < noted.untilMs) throw new ProgramFailure('slow')
    if (start !== '') {
      endWithAll(pid)
      await waitUntil(Date.now() + endsWithinMs)
    }
  }
  // A command that does not have the lock may have waited for one that goes on.
  if (readNote(place)?.pid === pid) removeQuietly(noteFile(place))
}

function readNote(place: ProfileLocation): { pid: number; start: string; untilMs: number } | undefined {
  let text: string
  try {
    text = readSmallFile(noteFile(place)).toString()
  } catch {
    return undefined
  }
  const { pid: number, start, until_ms } = parseFields(text)
  const [pid, untilMs] = [numberOf(number), numberOf(until_ms)]
  // A kill may have left half of it: then that process was not told what to do.
  if (pid === null || untilMs === null || typeof start !== 'string' || pid < 2) return undefined
  return { pid, start, untilMs }
}

function noteFile(place: ProfileLocation): string {
  return dotfilePath(place).replace(/json$/, 'helper-call')
}
