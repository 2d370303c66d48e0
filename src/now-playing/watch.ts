import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import type { Context } from '../context.ts'
import { isLoginOver, mayPass } from '../errors.ts'
import { type View, viewAt } from './view.ts'

/** How often Spotify is asked while something plays, and while nothing does. */
const pollMs = 3_000
const idlePollMs = 5_000
const longestPauseMs = 60_000

/** The longest sleep: when it ends, the watch looks whether the bar that started it is still running. */
const longestNapMs = 2_000

interface Watch {
  ask(): Promise<View | undefined>
  render(view: View | undefined): string
  show(text: string): void
}

/**
 * Shows what is playing whenever it changes. It ends with a signal, with a closed output, or when the process that
 * started it has ended: a closed pipe is noticed only by writing to it. An error that may pass is reported once, and
 * Spotify is asked again at growing intervals.
 */
export async function watch(
  { now, stderr }: Pick<Context, 'now' | 'stderr'>,
  { ask, render, show }: Watch,
): Promise<void> {
  let view: View | undefined
  // In monotonic time, which does not jump when the clock is set.
  let askAtMs = 0
  let failures = 0
  let shown: string | undefined
  const { ppid } = process
  // V8's collection of small heaps would run after each request, and take longer than the request.
  setFlagsFromString('--no-memory-reducer-for-small-heaps')
  while (process.ppid === ppid) {
    if (performance.now() >= askAtMs) {
      try {
        view = await ask()
        failures = 0
        askAtMs = performance.now() + untilNextAsk(view)
      } catch (error) {
        if (!mayPass(error)) throw error
        if (failures === 0) stderr.write(`${[error.message, error.hint].filter(Boolean).join(' ')}\n`)
        if (isLoginOver(error)) view = undefined
        askAtMs = performance.now() + Math.min(longestPauseMs, pollMs * 2 ** failures++)
      }
    }
    const textAfter = (ms: number) => render(view && viewAt(view, now() + ms, view.stale))
    const text = textAfter(0)
    if (text !== shown) show(text)
    shown = text
    const untilAskMs = Math.max(10, askAtMs - performance.now())
    // A text with a time or a bar in it changes every second; any other stays until Spotify is asked again.
    const isStill = textAfter(untilAskMs) === text
    await sleep(Math.min(untilAskMs, isStill ? longestNapMs : 1_000 - (now() % 1_000)))
  }
}

/** How long to wait in milliseconds: until the end of the track, when that comes before the next poll. */
function untilNextAsk(view: View | undefined): number {
  if (view?.state !== 'playing') return idlePollMs
  const { progressMs, durationMs } = view
  if (progressMs === null || !durationMs || progressMs >= durationMs) return pollMs
  return Math.min(pollMs, Math.max(500, durationMs - progressMs + 300))
}
