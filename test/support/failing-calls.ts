import { needs } from './tools.ts'

const { file } = needs('', 'strace')

/** A program that starts ours, in which system calls fail or kill as strace's `inject` says, such as `rename:error=EIO:when=2`. */
export function failing(...injections: string[]): string[] {
  return [file, '-f', '-qq', '-o', '/dev/null', ...injections.flatMap((each) => ['-e', `inject=${each}`])]
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
