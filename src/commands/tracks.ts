import type { Command } from '../command-line/command.ts'
import { listTracks } from '../web-api/catalogue.ts'
import { type BelowOptions, listBelow } from './list-below.ts'

export const tracksCommand: Command<BelowOptions> = {
  name: 'tracks',
  summary: 'list the tracks of an album',
  ...listBelow('album', 'tracks', listTracks, 500),
  examples: [
    ['spotify-auth tracks suite bergamasque', 'of the album that fits best'],
    ['spotify-auth tracks spotify:album:6tJw2CkQe8Vn4gXsRy0MhU --ids', 'for a script'],
  ],
}
