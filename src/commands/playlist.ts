import { findOwnPlaylist } from '../choose/find-playlist.ts'
import { namedOrPlaying } from '../choose/named-or-playing.ts'
import type { CommandGroup } from '../command-line/command.ts'
import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { sanitize } from '../untrusted/sanitize.ts'
import { addToPlaylist, createPlaylist, requirePlaylistChange } from '../web-api/playlists.ts'

interface AddOptions {
  create?: boolean
  json?: boolean
}

export const playlistCommand: CommandGroup = {
  name: 'playlist',
  summary: 'add to a playlist of yours',
  commands: [
    {
      name: 'add',
      summary: 'add what is playing, or something else, to a playlist that you own or share',
      arguments: {
        '<name>': {
          describe: 'the name of the playlist, whatever the case, or its Spotify URI, link or id',
          choices: null,
        },
        '[what...]': {
          describe: 'Spotify URIs, links or ids of tracks and episodes; without them what is playing',
          choices: null,
        },
      },
      flags: { create: { describe: 'make the playlist, a private one, if you have none of that name' } },
      examples: [
        ['spotify-auth playlist add "harbour nights"', 'what is playing'],
        ['spotify-auth playlist add "low tide" --create', 'the same, to a playlist that may be new'],
        [
          'spotify-auth tracks suite bergamasque --ids | xargs -r spotify-auth playlist add "low tide"',
          'all tracks of an album',
        ],
      ],
      run: add,
    },
  ],
}

async function add(context: Context, options: AddOptions, name = '', ...words: string[]): Promise<void> {
  const tell = (text: string) => {
    if (!options.json) context.stderr.write(`${text}\n`)
  }
  const { uris, label } = await namedOrPlaying(context, words, ['track', 'episode'], requirePlaylistChange)
  const found = await findOwnPlaylist(context, name)
  if (!found && !options.create) {
    throw new SpotifyAuthError('not_found', `You own or share no playlist called "${sanitize(name)}".`, {
      hint: `Make it with --create, or see which there are: ${context.commandLine('playlists')}`,
    })
  }
  const playlist = found ?? (await createPlaylist(context, name.trim()))
  if (!found) tell(`Made the private playlist "${sanitize(playlist.name)}".`)
  await addToPlaylist(context, playlist.id, uris)
  tell(`Added to "${sanitize(playlist.name)}": ${label}`)
}
