import { saveToLibrary } from '../web-api/library.ts'
import { libraryCommand } from './library-command.ts'

export const likeCommand = libraryCommand({
  name: 'like',
  summary: 'save what is playing, or something else, to your library',
  examples: [
    ['spotify-auth like', 'what is playing'],
    ['spotify-auth like spotify:album:6tJw2CkQe8Vn4gXsRy0MhU', 'an album'],
    ['spotify-auth tracks suite bergamasque --ids | xargs -r spotify-auth like', 'all tracks of an album'],
  ],
  liked: true,
  change: saveToLibrary,
  done: 'Saved to your library',
})
