import { needs } from './tools.ts'

const { file } = needs('', 'strace')

/**
 * A program that starts ours, in which a system call fails, waits or kills as strace's `inject` says, such as
 * `rename:error=EIO:when=2`, or several as these say: of those on `path`, or of all.
 */
export function failing(injections: string | string[], path?: string): string[] {
  const all = [injections].flat()
  const only = path === undefined ? [] : ['-P', path]
  // It stops the program at these calls alone; stops at all of its calls would make the start several times as slow.
  const trace = ['-e', `trace=${all.map((each) => each.split(':', 1))}`]
  // With this not even strace sees the others; but then it sends no signal.
  if (!all.some((each) => each.includes(':signal='))) trace.unshift('--seccomp-bpf')
  const inject = all.flatMap((each) => ['-e', `inject=${each}`])
  return [file, '-f', '-qq', '-o', '/dev/null', ...only, ...trace, ...inject]
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
