import { removeFromLibrary } from '../web-api/library.ts'
import { libraryCommand } from './library-command.ts'

export const unlikeCommand = libraryCommand({
  name: 'unlike',
  summary: 'remove what is playing, or something else, from your library',
  examples: [
    ['spotify-auth unlike', 'what is playing'],
    ['spotify-auth unlike spotify:album:6tJw2CkQe8Vn4gXsRy0MhU', 'an album'],
  ],
  liked: false,
  change: removeFromLibrary,
  done: 'Removed from your library',
})
