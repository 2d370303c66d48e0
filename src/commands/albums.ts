import { find } from '../choose/find.ts'
import type { Command } from '../command-line/command.ts'
import { type PickOptions, pickFlag } from '../command-line/flags.ts'
import { listAlbums } from '../web-api/catalogue.ts'
import type { ListOptions } from './list-items.ts'
import { flagsUpTo, listPages } from './list-pages.ts'

const most = 50

export const albumsCommand: Command<ListOptions & PickOptions> = {
  name: 'albums',
  summary: 'list the albums of an artist',
  arguments: {
    '<artist...>': { describe: 'a Spotify URI, link or id, or words: then the best match', choices: null },
  },
  flags: { ...flagsUpTo(most), ...pickFlag },
  examples: [
    ['spotify-auth albums claude debussy', 'of the artist who fits best'],
    ['spotify-auth albums spotify:artist:1Kr9uZdWq3Yh6oPtNf5BxA --ids', 'for a script'],
  ],
  async run(context, options, ...words) {
    const { id } = await find(context, words, ['artist'], options)
    await listPages(context, options, { things: 'albums', most }, (limit, tell) =>
      listAlbums(context, id, limit, tell),
    )
  },
}
