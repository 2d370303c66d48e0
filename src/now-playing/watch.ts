import { setFlagsFromString } from 'node:v8'
import type { Context } from '../context.ts'
import { isLoginOver, mayPass } from '../errors.ts'
import type { Following } from './follow.ts'
import { standInMs } from './source.ts'
import { type View, viewAt } from './view.ts'

const firstPauseMs = 3_000
const longestPauseMs = 60_000

/** The longest sleep: when it ends, the watch looks whether the bar that started it is still running. */
const napMs = 2_000

/** How often to look whether somebody has logged in. */
const loggedOutMs = 500

interface Shown {
  render(view: View | undefined): string
  show(text: string): void
}

/**
 * Shows what is playing whenever it changes. It ends with a signal, with a closed output, or when the process that
 * started it has ended: a closed pipe is noticed only by writing to it. An error that may pass is reported once, and
 * another attempt made at growing intervals; a login is waited for at short ones, because that is no request.
 */
export async function watch(
  { now, stderr }: Pick<Context, 'now' | 'stderr'>,
  { isNew, look, sleep }: Following,
  { render, show }: Shown,
): Promise<void> {
  let view: View | undefined
  // In monotonic time, which does not jump when the clock is set.
  let lookAtMs = 0
  let drawAtMs = 0
  let failures = 0
  let shown: string | undefined
  const { ppid } = process
  // V8's collection of small heaps would run after each request, and take longer than the request.
  setFlagsFromString('--no-memory-reducer-for-small-heaps')
  while (process.ppid === ppid) {
    if (isNew() || performance.now() >= lookAtMs) {
      try {
        const { forMs, ...sight } = await look()
        view = sight.view
        failures = 0
        lookAtMs = performance.now() + forMs
      } catch (error) {
        if (!mayPass(error)) throw error
        if (failures === 0) stderr.write(`${[error.message, error.hint].filter(Boolean).join(' ')}\n`)
        if (isLoginOver(error) || (view && now() - view.fetchedAtMs > standInMs)) view = undefined
        const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** failures++)
        lookAtMs = performance.now() + (isLoginOver(error) ? loggedOutMs : pauseMs)
      }
      drawAtMs = 0
    }
    if (performance.now() >= drawAtMs) {
      const viewAfter = (ms: number) => view && viewAt(view, now() + ms, view.stale)
      const textAfter = (ms: number) => render(viewAfter(ms))
      const text = textAfter(0)
      if (text !== shown) show(text)
      shown = text
      // A text with a time or a bar in it changes every second; any other stays as long as the answer.
      const isStill = textAfter(Math.max(0, lookAtMs - performance.now())) === text
      const intoSecondMs = Math.max(0, viewAfter(0)?.progressMs ?? 0) % 1_000
      drawAtMs = isStill ? lookAtMs : performance.now() + 1_005 - intoSecondMs
    }
    const nextAtMs = Math.min(lookAtMs, drawAtMs) - performance.now()
    await sleep(Math.max(10, Math.min(napMs, nextAtMs)))
  }
}
