import { setFlagsFromString } from 'node:v8'
import type { Following, Sight } from './follow.ts'
import { type View, viewAt } from './view.ts'

/** The longest sleep: when it ends, the watch looks whether the bar that started it is still running. */
const napMs = 2_000

/** How far ahead it is tried whether a text stays as it is. */
const aheadMs = 30_000

interface Shown {
  render(view: View | undefined): string
  show(text: string): void
}

/**
 * Shows what is playing whenever it changes. It ends with a signal, with a closed output, or when the process that
 * started it has ended: a closed pipe is noticed only by writing to it.
 */
export async function watch(
  { now }: { now(): number },
  { look, sleep }: Following,
  { render, show }: Shown,
): Promise<void> {
  let drawn: Sight | undefined
  let shown: string | undefined
  // In monotonic time, which does not jump when the clock is set.
  let drawAtMs = 0
  const { ppid } = process
  // V8's collection of small heaps would run after each request, and take longer than the request.
  setFlagsFromString('--no-memory-reducer-for-small-heaps')
  // It also waits to see that a function is busy before it learns how to run it faster: here that would be for minutes.
  setFlagsFromString('--no-lazy-feedback-allocation')
  while (process.ppid === ppid) {
    const sight = await look()
    const { playback, stale, forMs } = sight
    const isNew = playback !== drawn?.playback || stale !== drawn?.stale
    if (isNew || performance.now() >= drawAtMs) {
      drawn = sight
      const viewAfter = (ms: number) => (playback ? viewAt(playback, now() + ms, stale) : undefined)
      const view = viewAfter(0)
      const text = render(view)
      // Nothing is shown before the first answer.
      if (text !== shown && (playback !== undefined || shown !== undefined)) {
        show(text)
        shown = text
      }
      // A text with a time or a bar in it changes every second.
      const isStill = render(viewAfter(aheadMs)) === text
      const intoSecondMs = Math.max(0, view?.progressMs ?? 0) % 1_000
      drawAtMs = performance.now() + (isStill ? aheadMs : 1_005 - intoSecondMs)
    }
    const nextMs = Math.min(forMs, drawAtMs - performance.now())
    await sleep(Math.max(10, Math.min(napMs, nextMs)))
  }
}
