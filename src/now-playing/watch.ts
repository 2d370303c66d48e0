import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import type { Context } from '../context.ts'
import { isLoginOver, mayPass } from '../errors.ts'
import { type View, viewAt } from './view.ts'

/** How often Spotify is asked while something plays, and while nothing does. */
const pollMs = 3_000
const idlePollMs = 5_000
const longestPauseMs = 60_000

/** How soon it is noticed that the bar has ended. */
const longestNapMs = 2_000

interface Watch {
  ask(): Promise<View | undefined>
  render(view: View | undefined): string
  show(text: string): void
}

/**
 * Shows what is playing whenever it changes, until a signal or a closed output ends the process, or the bar that
 * started it has ended (a pipe tells only who writes to it). A failure that may pass shows nothing new, is told
 * once, and is tried again at growing distances.
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
  // V8 would tidy up after each request, for a few kilobytes; that takes longer than the request.
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
    // A bar or a time in it moves every second; without one there is nothing to do until then.
    const isStill = textAfter(untilAskMs) === text
    await sleep(Math.min(untilAskMs, isStill ? longestNapMs : 1_000 - (now() % 1_000)))
  }
}

/** The end of a track is the next thing to happen. */
function untilNextAsk(view: View | undefined): number {
  if (view?.state !== 'playing') return idlePollMs
  const { progressMs, durationMs } = view
  if (progressMs === null || !durationMs || progressMs >= durationMs) return pollMs
  return Math.min(pollMs, Math.max(500, durationMs - progressMs + 300))
}
