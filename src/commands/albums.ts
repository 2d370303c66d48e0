import type { Command } from '../command-line/command.ts'
import { listAlbums } from '../web-api/catalogue.ts'
import { type BelowOptions, listBelow } from './list-below.ts'

export const albumsCommand: Command<BelowOptions> = {
  name: 'albums',
  summary: 'list the albums of an artist',
  ...listBelow('artist', 'albums', listAlbums, 50),
  examples: [
    ['spotify-auth albums claude debussy', 'of the artist who fits best'],
    ['spotify-auth albums spotify:artist:1Kr9uZdWq3Yh6oPtNf5BxA --ids', 'for a script'],
  ],
}
