import { listener, otherListener } from './cast.ts'
import { episode, track } from './fixtures.ts'
import { idOf, type Track } from './stand-in/shapes.ts'
import { ledger } from './stand-in-catalogue.ts'

/** A playlist with what is in it. */
export interface Playlist {
  id: string
  name: string
  owner: { id: string; display_name: string }
  /** Whether others may add to it. */
  collaborative: boolean
  public: boolean
  /** Null is for what is no longer there. */
  entries: (Track | typeof episode.item | null)[]
}

/** What a listener keeps, and has heard; a test sets what it likes. */
export interface Library {
  /** The URIs of what has been saved. */
  saved: Set<string>
  /** The listener's own playlists, and those that the listener follows. */
  playlists: Playlist[]
  /** What has been heard, the latest first, each a minute before the one above. */
  heard: Track[]
}

export function playlist(name: string, more: Partial<Playlist> = {}): Playlist {
  const id = idOf(`playlist ${name}`)
  return { id, name, owner: listener, collaborative: false, public: true, entries: [], ...more }
}

export const harbourNights = playlist('Harbour Nights', {
  entries: [track.item, episode.item, ...ledger.tracks.slice(0, 10)],
})
/** Somebody else's, to which the listener may add. */
export const deckSongs = playlist('Deck Songs', {
  owner: otherListener,
  collaborative: true,
  public: false,
  entries: [track.item],
})
/** Somebody else's, which the listener follows. */
export const shanties = playlist('Sea Shanties', { owner: otherListener, entries: ledger.tracks.slice(0, 3) })

export function createLibrary(): Library {
  const copy = (each: Playlist) => ({ ...each, entries: [...each.entries] })
  return {
    saved: new Set(),
    playlists: [harbourNights, deckSongs, shanties].map(copy),
    heard: [track.item as Track, ...ledger.tracks],
  }
}
