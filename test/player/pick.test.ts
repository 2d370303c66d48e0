import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { it } from '../support/pane-fixture.ts'
import type { StandIn } from '../support/stand-in.ts'
import { catalogue } from '../support/stand-in-catalogue.ts'
import { deckSongs } from '../support/stand-in-library.ts'
import { needs } from '../support/tools.ts'

const played = (standIn: StandIn) => asked(standIn).filter((request) => request.startsWith('PUT'))

const { title, skip } = needs('--pick in a terminal', 'tmux')

describe.skipIf(skip).concurrent(title, () => {
  it('plays what is chosen of what words find', async ({ pane, standIn }) => {
    await pane.start('play', 'fogbound', '--pick')
    await pane.answer('Which one', 'no. 2 ')
    await pane.shows('● Fog Signal No. 2 - The Fogbound Trio (album)')
    await pane.press('Enter')
    expect(await pane.ended()).toBe(0)
    const [second] = catalogue.albums.filter(({ name }) => name === 'Fog Signal No. 2')
    expect(played(standIn)).toEqual([`PUT /v1/me/player/play {"context_uri":"${second?.uri}"}`])
  })

  it('plays what is chosen of the playlists that fit', async ({ pane, standIn }) => {
    await pane.start('play', '--playlist', 's', '--pick')
    await pane.answer('Which one', 'deck')
    await pane.shows('● Deck Songs - Grace Hopper (playlist)')
    await pane.press('Enter')
    expect(await pane.ended()).toBe(0)
    expect(played(standIn)).toEqual([
      `PUT /v1/me/player/play {"context_uri":"spotify:playlist:${deckSongs.id}"}`,
    ])
  })

  it('lists the albums of the artist who is chosen', async ({ pane }) => {
    await pane.start('albums', 'a', '--pick', '--limit', '1')
    await pane.answer('Which one', 'debussy')
    await pane.shows('● Claude Debussy (artist)')
    await pane.press('Enter')
    expect(await pane.ended()).toBe(0)
    expect(await pane.screen()).toContain('1  Suite bergamasque')
  })

  it.for(['Escape', 'C-c'])('%s exits 130, and nothing plays', async (key, { pane, standIn }) => {
    await pane.start('play', 'clair', '--pick')
    await pane.answer('Which one', key)
    expect(await pane.ended()).toBe(130)
    expect(played(standIn)).toEqual([])
  })
})
