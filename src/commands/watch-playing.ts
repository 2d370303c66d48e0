import type { Context } from '../context.ts'
import { follow } from '../now-playing/follow.ts'
import type { View } from '../now-playing/view.ts'
import { watch } from '../now-playing/watch.ts'

interface WatchOptions {
  interval?: number
  maxAge?: number
}

/** `now-playing --watch`; for people in a terminal the view is drawn over the one before, so that its bar seems to move. */
export async function watchPlaying(
  context: Context,
  { interval, maxAge }: WatchOptions,
  render: (view: View | undefined) => string,
  isForPeople: boolean,
): Promise<void> {
  const { stdout } = context
  let lines = 0
  await watch(context, follow(context, { intervalSeconds: interval, maxAgeSeconds: maxAge }), {
    render,
    show(text) {
      const over = isForPeople && lines > 0 ? `\u001b[${lines}A\u001b[J` : ''
      stdout.write(`${over}${text || (isForPeople ? 'Nothing is playing.' : '')}\n`)
      lines = text.split('\n').length
    },
  })
}
