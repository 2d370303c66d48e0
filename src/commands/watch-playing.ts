import type { Context } from '../context.ts'
import { follow } from '../now-playing/follow.ts'
import type { View } from '../now-playing/view.ts'
import { watch } from '../now-playing/watch.ts'

/** How what is playing is shown. */
export interface Form {
  render(view: View | undefined): string
  /** For people in a terminal. */
  isForPeople?: boolean
  /** Shows whether it is in the user's library. */
  namesLiked?: boolean
}

interface WatchOptions {
  escape?: string
  interval?: number
  maxAge?: number
}

/** When tmux begins to show the command itself in place of what it has not printed yet. */
const tmuxWaitsMs = 900

/** `now-playing --watch`; for people in a terminal the view is drawn over the one before, so that its bar seems to move. */
export async function watchPlaying(
  context: Context,
  { escape: target, interval, maxAge }: WatchOptions,
  { render, isForPeople, namesLiked }: Form,
): Promise<void> {
  const { stdout } = context
  let lines = 0
  const early = target === 'tmux' ? setTimeout(() => stdout.write('\n'), tmuxWaitsMs) : undefined
  const playing = follow(context, { intervalSeconds: interval, maxAgeSeconds: maxAge })
  const following = namesLiked
    ? (await import('../now-playing/liked.ts')).withLiked(context, playing)
    : playing
  await watch(context, following, {
    render,
    show(text) {
      clearTimeout(early)
      const over = isForPeople && lines > 0 ? `\u001b[${lines}A\u001b[J` : ''
      stdout.write(`${over}${text || (isForPeople ? 'Nothing is playing.' : '')}\n`)
      lines = text.split('\n').length
    },
  })
}
