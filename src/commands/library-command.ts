import { namedOrPlaying } from '../choose/named-or-playing.ts'
import type { Command } from '../command-line/command.ts'
import { changeLiked } from '../now-playing/liked-cache.ts'
import { requireLibraryChange, type saveToLibrary } from '../web-api/library.ts'

interface LibraryOptions {
  json?: boolean
}

interface LibraryCommand extends Pick<Command, 'name' | 'summary' | 'examples'> {
  change: typeof saveToLibrary
  /** Whether what it was done to is in the library afterwards. */
  liked: boolean
  /** What has been done, before what it was done to. */
  done: string
}

/** A command that saves to the user's library, or removes from it: what is playing, or what is named. */
export function libraryCommand({ change, liked, done, ...words }: LibraryCommand): Command<LibraryOptions> {
  return {
    ...words,
    details: 'That is tracks, albums, episodes, shows and playlists.',
    arguments: {
      '[what...]': { describe: 'Spotify URIs, links or ids; without them what is playing', choices: null },
    },
    flags: {},
    async run(context, { json }, ...named) {
      const types = ['track', 'album', 'episode', 'show', 'playlist'] as const
      const { uris, label } = await namedOrPlaying(context, named, types, requireLibraryChange)
      await change(context, uris, (changed) => changeLiked(context, changed, liked))
      if (!json) context.stderr.write(`${done}: ${label}\n`)
    },
  }
}
