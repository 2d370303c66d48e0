import { find } from '../choose/find.ts'
import { findPlaylist } from '../choose/find-playlist.ts'
import type { Command } from '../command-line/command.ts'
import { type PickOptions, pickFlag } from '../command-line/flags.ts'
import { listTracks } from '../web-api/catalogue.ts'
import { listPlaylistItems } from '../web-api/playlists.ts'
import type { ListOptions } from './list-items.ts'
import { flagsUpTo, listPages } from './list-pages.ts'
import { notBoth, type PlaylistOptions, playlistFlag } from './playlist-flag.ts'

const most = 500

export const tracksCommand: Command<ListOptions & PickOptions & PlaylistOptions> = {
  name: 'tracks',
  summary: 'list the tracks of an album or a playlist',
  arguments: {
    '[album...]': {
      describe: 'a Spotify URI, link or id, or the URI or link of a playlist, or words: then the best match',
      choices: null,
    },
  },
  flags: { ...playlistFlag, ...flagsUpTo(most), ...pickFlag },
  examples: [
    ['spotify-auth tracks suite bergamasque', 'of the album that fits best'],
    ['spotify-auth tracks --playlist "harbour nights"', 'of a playlist of yours'],
    ['spotify-auth tracks spotify:album:6tJw2CkQe8Vn4gXsRy0MhU --ids', 'for a script'],
  ],
  async run(context, options, ...words) {
    const { playlist } = options
    if (playlist !== undefined) notBoth(words)
    const { type, id } =
      playlist === undefined
        ? await find(context, words, ['album', 'playlist'], { ...options, searched: ['album'] })
        : await findPlaylist(context, playlist, options)
    const list = type === 'playlist' ? listPlaylistItems : listTracks
    await listPages(context, options, { things: 'tracks', most }, (limit, tell) =>
      list(context, id, limit, tell),
    )
  },
}
