// Prints what is playing, on the login that `spotify-auth login` has stored.
import { getCurrentlyPlaying, openSession } from 'spotify-auth-cli'

try {
  const playback = await getCurrentlyPlaying(await openSession())
  const line = playback?.title
    ? `${playback.artists.join(', ') || playback.show} - ${playback.title}`
    : 'Nothing is playing.'
  // Somebody else has written the title: nothing in it may command the terminal.
  console.log(line.replace(/\p{Cc}/gu, ''))
} catch (error) {
  console.error(error.message, error.hint ?? '')
  process.exitCode = error.exitCode ?? 1
}
