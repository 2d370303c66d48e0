import type { Random } from './random.ts'

/** What happens to one process. One that is spared meets no faults of the server either. */
export type Mishap = { kind: 'none' | 'spared' } | { kind: 'full disk'; blocks: number } | Strike

export interface Strike {
  kind: 'kill' | 'stop' | 'signal'
  signal: NodeJS.Signals
  /** After the start, or after its token request has arrived. */
  from: 'start' | 'request'
  /** How long a stopped one stays so. */
  stoppedMs: number
}

export function chooseMishap(random: Random): Mishap {
  const from = random.chance(0.3) ? 'start' : 'request'
  const stoppedMs = 20 + random.below(400)
  const dice = random.below(100)
  if (dice < 50) return { kind: 'kill', signal: 'SIGKILL', from, stoppedMs }
  if (dice < 58) return { kind: 'stop', signal: 'SIGSTOP', from, stoppedMs }
  if (dice < 66) return { kind: 'signal', signal: random.pick(['SIGINT', 'SIGTERM']), from, stoppedMs }
  if (dice < 74) return { kind: 'full disk', blocks: random.pick([0, 1, 4]) }
  return { kind: 'none' }
}

/** Half of the logins are left alone, so that the soak soon has one again. */
export function chooseMishapOfLogin(random: Random): Mishap {
  return random.chance(0.5) ? { kind: 'none' } : chooseMishap(random)
}

/**
 * A shell that lets the program write so many blocks of 512 bytes to a file, and then replaces itself by it.
 * To the program this is a disk that fills up in the middle of a write: a short write, then an error. A small tmpfs
 * would need a user namespace, which many systems and containers refuse; this needs a POSIX shell only.
 */
export function underFullDisk(blocks: number): string[] {
  return ['sh', '-c', `ulimit -f ${blocks}; exec "$0" "$@"`]
}

export function describeMishap(mishap: Mishap): string {
  return 'signal' in mishap ? `${mishap.signal} after its ${mishap.from}` : mishap.kind
}
