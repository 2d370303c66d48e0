/** A bar of `width` cells with the done part drawn heavy; `fraction` is clamped to 0 to 1. */
export function progressBar(fraction: number, width: number): { done: string; rest: string } {
  const cells = Math.round(Math.min(1, Math.max(0, fraction)) * width)
  return { done: '━'.repeat(cells), rest: '─'.repeat(width - cells) }
}
