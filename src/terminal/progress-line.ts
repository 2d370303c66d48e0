import type { Output } from './output.ts'

/** Shows the progress of the work on one line of a terminal, and clears the line afterwards. The work calls `tell` with how many there are so far, and in all. */
export async function withProgressLine<T>(
  stderr: Output,
  things: string,
  work: (tell: (found: number, total: number) => void) => Promise<T>,
): Promise<T> {
  let isShown = false
  try {
    return await work((found, total) => {
      if (!stderr.isTerminal || found >= total) return
      isShown = true
      stderr.write(`\r\u001b[K${found} of ${total} ${things} …`)
    })
  } finally {
    if (isShown) stderr.write('\r\u001b[K')
  }
}
