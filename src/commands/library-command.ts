import { namedOrPlaying } from '../choose/named-or-playing.ts'
import type { Command } from '../command-line/command.ts'
import { requireLibraryChange } from '../web-api/library.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { controlCommand } from './control-command.ts'

interface LibraryOptions {
  json?: boolean
}

interface LibraryCommand extends Pick<Command, 'name' | 'summary' | 'examples'> {
  change(api: WebApi, uris: string[]): Promise<void>
  /** What has been done, before what it was done to. */
  done: string
}

/** A command that saves to the user's library, or removes from it: what is playing, or what is named. */
export function libraryCommand({ change, done, ...words }: LibraryCommand): Command<LibraryOptions> {
  return controlCommand<LibraryOptions>({
    ...words,
    details: 'That is tracks, albums, episodes, shows and playlists.',
    arguments: { '[what...]': 'Spotify URIs, links or ids; without them what is playing' },
    flags: {},
    async run(context, { json }, ...named) {
      const types = ['track', 'album', 'episode', 'show', 'playlist'] as const
      const { uris, label } = await namedOrPlaying(context, named, types, requireLibraryChange)
      await change(context, uris)
      if (!json) context.stderr.write(`${done}: ${label}\n`)
      // What plays goes on as it was; who shows whether it is saved looks again.
      return (playback) => playback
    },
  })
}
