import type { Flags } from '../command-line/command.ts'
import { SpotifyAuthError } from '../errors.ts'

/** The flag of the commands that take a playlist of the user's by its name. */
export const playlistFlag: Flags = {
  playlist: {
    value: 'NAME',
    describe: 'a playlist of yours: its name, the beginning or a part of it, or its URI or link',
  },
}

export interface PlaylistOptions {
  playlist?: string
}

/** Throws `usage` for words beside `--playlist`. */
export function notBoth(words: string[]): void {
  if (words.length === 0) return
  throw new SpotifyAuthError('usage', 'With --playlist there is nothing else to name.', {
    hint: 'A name of several words stands in quotes: --playlist "harbour nights"',
  })
}
