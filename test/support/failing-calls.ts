import { needs } from './tools.ts'

const { file } = needs('', 'strace')

/**
 * A program that starts ours, in which a system call fails, waits or kills as strace's `inject` says, such as
 * `rename:error=EIO:when=2`: of those on `path`, or of all.
 */
export function failing(injection: string, path?: string): string[] {
  const only = path === undefined ? [] : ['-P', path]
  // It stops the program at this call alone; stops at all of its calls would make the start several times as slow.
  const trace = ['-e', `trace=${injection.split(':', 1)}`]
  // With this not even strace sees the others; but then it sends no signal.
  if (!injection.includes(':signal=')) trace.unshift('--seccomp-bpf')
  return [file, '-f', '-qq', '-o', '/dev/null', ...only, ...trace, '-e', `inject=${injection}`]
}

/**
 * The calls of a refresh in their order, for `when`: the dotfile is replaced by its own content, room is taken for the
 * next, and after Spotify's answer that is written and put in its place.
 */
export const callsOfRefresh = {
  fsync: { proof: 1, reserve: 2, directory: 3, save: 4, directoryAfter: 5 },
  rename: { proof: 1, save: 2 },
  pwrite64: { proof: 1, reserve: 2, save: 3 },
} as const

/** Kills a refresh after Spotify's answer, before anything of it is written: with strict rotation the login is lost. */
export const killedAtTheWrite = failing(`pwrite64:signal=SIGKILL:when=${callsOfRefresh.pwrite64.save}`)

/** Kills a refresh when its answer is written, but not in its place yet. */
export const killedAtTheRename = failing(`rename:signal=SIGKILL:when=${callsOfRefresh.rename.save}`)
