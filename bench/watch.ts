import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { programFile } from '../test/support/sandbox.ts'

const watchMs = 20_000

/** Closer together than by the schedule, which would ask twice in that time; what happens in between counts as well. */
const intervalSeconds = 2

/** How many starts of `node -e 0` the CPU time of one is averaged over. */
const starts = 20

/** What `now-playing --watch` takes while it stays. */
export interface WatchResult {
  polls: number
  cpu_ms_per_poll: number
  /** The CPU time of a poll divided by that of one `node -e 0`. */
  ratio: number
  peak_mb: number
}

/** Watches for a while, which begins after the start; undefined where there is no /proc to read from. */
export async function measureWatch(
  node: string,
  env: Record<string, string>,
): Promise<WatchResult | undefined> {
  if (process.platform !== 'linux') return undefined
  const words = ['now-playing', '--watch', '--verbose', '--interval', String(intervalSeconds)]
  const child = spawn(node, [programFile, ...words], { env })
  const exited = once(child, 'exit')
  // With --verbose, every request is a line on standard error.
  let polls = 0
  child.stderr.on('data', (lines: Buffer) => {
    polls += lines.toString().split('\n').length - 1
  })
  try {
    const first = await Promise.race([once(child.stdout, 'data'), exited.then(() => undefined)])
    if (!first) throw new Error('now-playing --watch ended')
    // The first seconds still belong to the start: the program is compiled and its garbage collected.
    await sleep(1_000)
    const before = { cpuMs: cpuMsOf(child.pid), polls }
    await sleep(watchMs)
    const cpuMs = cpuMsOf(child.pid) - before.cpuMs
    const perPoll = cpuMs / (polls - before.polls)
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
    return {
      polls: polls - before.polls,
      cpu_ms_per_poll: perPoll,
      ratio: perPoll / cpuMsOfStart(node, env),
      peak_mb: Number(kilobytes) / 1024,
    }
  } finally {
    child.kill()
    await exited
  }
}

export function formatWatch({ cpu_ms_per_poll, ratio, peak_mb }: WatchResult): string {
  const cpu = `${cpu_ms_per_poll.toFixed(1)} ms of CPU a poll, ${ratio.toFixed(2)} of that of node -e 0`
  return `now-playing --watch: ${cpu}; at most ${peak_mb.toFixed(0)} MB`
}

/** The CPU time of all threads of a process; unlike `stat`, `schedstat` counts in nanoseconds. */
function cpuMsOf(pid: number | undefined): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const times = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'))
  return times.reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1e6, 0)
}

function cpuMsOfStart(node: string, env: Record<string, string>): number {
  const loop = `n=0; while [ $n -lt ${starts} ]; do "$0" -e 0; n=$((n + 1)); done; times`
  const { stdout } = spawnSync('sh', ['-c', loop, node], { env, encoding: 'utf8' })
  // The second line is user and system time of the children: 0m1.230s 0m0.450s
  const times = [...(stdout.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  const seconds = times.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0)
  return (seconds * 1000) / starts
}
