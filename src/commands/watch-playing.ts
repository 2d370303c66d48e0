import type { Context } from '../context.ts'
import { follow } from '../now-playing/follow.ts'
import type { View } from '../now-playing/view.ts'
import { watch } from '../now-playing/watch.ts'

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
  render: (view: View | undefined) => string,
  isForPeople: boolean,
): Promise<void> {
  const { stdout } = context
  let lines = 0
  const early = target === 'tmux' ? setTimeout(() => stdout.write('\n'), tmuxWaitsMs) : undefined
  await watch(context, follow(context, { intervalSeconds: interval, maxAgeSeconds: maxAge }), {
    render,
    show(text) {
      clearTimeout(early)
      const over = isForPeople && lines > 0 ? `\u001b[${lines}A\u001b[J` : ''
      stdout.write(`${over}${text || (isForPeople ? 'Nothing is playing.' : '')}\n`)
      lines = text.split('\n').length
    },
  })
}
