import type { Command } from '../command-line/command.ts'
import { listPlaylists } from '../web-api/playlists.ts'
import type { ListOptions } from './list-items.ts'
import { flagsUpTo, listPages } from './list-pages.ts'

const most = 50

export const playlistsCommand: Command<ListOptions> = {
  name: 'playlists',
  summary: 'list your own playlists and those that you follow',
  flags: flagsUpTo(most),
  examples: [
    ['spotify-auth playlists', 'which there are'],
    ['spotify-auth play --playlist "harbour nights"', 'play one'],
    ['spotify-auth playlists --limit 1000 --ids', 'all of them, for a script'],
  ],
  run: (context, options) =>
    listPages(context, options, { things: 'playlists', most }, (limit, tell) =>
      listPlaylists(context, limit, tell),
    ),
}
