import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { isatty, type ReadStream } from 'node:tty'
import { forgiveRawMode } from '../terminal/prompt.ts'
import { type ExpectedCallback, isOurs } from './callback-request.ts'

/** The parameters of a pasted callback address, or what is wrong with it; the same checks as for a request. */
export function judgePastedUrl(
  text: string,
  expected: ExpectedCallback,
): { parameters: URLSearchParams } | { problem: string } {
  const trimmed = text.trim()
  const begin = expected.redirectUri.href
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined
  if (!url) return { problem: `That is not an address. Paste all of it, from ${begin} to its end.` }
  if (url.origin !== expected.redirectUri.origin || url.pathname !== expected.redirectUri.pathname) {
    return { problem: `That is another address. Paste the one that begins with ${begin}` }
  }
  if (isOurs(url.searchParams, expected)) return { parameters: url.searchParams }
  return {
    problem:
      'That address is not of this login, or not whole. Open the link above, agree, and paste what it ends on.',
  }
}

/**
 * Calls `take` with each line that is typed or pasted into the terminal, without showing it, and `hangUp` when the
 * terminal is gone; returns how to stop. Ctrl-C interrupts as usual, and Ctrl-D is ignored.
 */
export function readHiddenLines(
  terminal: ReadStream,
  take: (line: string) => void,
  hangUp: () => void,
): () => void {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  let stopped = false
  const begin = () => {
    const lines = createInterface({ input: terminal, output: nowhere, terminal: true, historySize: 0 })
    lines.on('line', take)
    lines.on('error', () => {})
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    lines.on('close', () => {
      if (!stopped && !terminal.destroyed) current = begin()
    })
    return lines
  }
  // Whoever is in the background cannot read it either, but it is there.
  const look = () => {
    if (!stopped && !isatty(0)) hangUp()
  }
  terminal.on('error', look).on('end', look)
  const giveBack = forgiveRawMode(terminal)
  let current = begin()
  look()
  return () => {
    stopped = true
    current.close()
    giveBack()
  }
}
