import { describe, expect, it } from 'vitest'
import { families, familyOf } from '../../src/network/families.ts'

const id = '0TnOYISbd1XYRBk9myaseg'

describe('a request of the Web API belongs to the family', () => {
  it.for([
    ['player', '/me/player'],
    ['player', '/me/player?market=DE'],
    ['player', '/me/player/currently-playing?additional_types=track,episode'],
    ['player', '/me/player/devices'],
    ['player', '/me/player/queue?uri=spotify:track:recently-played'],
    ['history', '/me/player/recently-played?limit=50'],
    ['history', '/me/top'],
    ['history', '/me/top/artists?time_range=short_term'],
    ['search', '/search?q=/me/player&type=track'],
    ['catalogue', '/artists?ids=1,2'],
    ['catalogue', `/artists/${id}/albums?limit=10`],
    ['catalogue', `/albums/${id}`],
    ['catalogue', `/tracks/${id}`],
    ['catalogue', `/shows/${id}/episodes`],
    ['catalogue', `/episodes/${id}`],
    ['catalogue', `/audiobooks/${id}`],
    ['catalogue', `/chapters/${id}`],
    ['playlists', `/playlists/${id}/items`],
    ['playlists', '/me/playlists?limit=50'],
    ['library', `/me/library?uris=spotify:track:${id}`],
    ['library', `/me/library/contains?uris=spotify:track:${id}`],
    ['library', '/me/tracks?limit=50'],
    ['library', '/me/albums'],
    ['library', '/me/shows'],
    ['library', '/me/episodes'],
    ['library', '/me/audiobooks'],
    ['library', '/me/following?type=artist'],
    ['profile', '/me'],
    ['profile', '/me?market=DE'],
    ['profile', `/users/${id}/playlists`],
    ['profile', '/markets'],
    ['profile', '/me/players'],
    ['profile', '/me/topmost'],
    ['profile', '/artistsandmore/albums'],
    ['profile', '/'],
    ['player', '/me/player/recently-played-of-others'],
  ] as const)('%s: %s', ([family, path]) => {
    expect(familyOf(path)).toBe(family)
  })

  it('of which there are seven', () => {
    expect(families.toSorted()).toEqual([
      'catalogue',
      'history',
      'library',
      'player',
      'playlists',
      'profile',
      'search',
    ])
  })
})
