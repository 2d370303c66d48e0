import { Chalk } from 'chalk'
import { describe, expect, it } from 'vitest'
import { renderJson, renderLine } from '../../src/now-playing/render.ts'
import { renderCard } from '../../src/now-playing/render-card.ts'
import { viewAt } from '../../src/now-playing/view.ts'
import { readPlayback } from '../../src/web-api/playback.ts'
import { ad, episode, localFile, pausedTrack, track, unknownItem } from '../support/fixtures.ts'

const fetchedAtMs = 1_790_000_000_500
const noColor = new Chalk({ level: 0 })
const read = (body: unknown) => viewAt(readPlayback(body, fetchedAtMs), fetchedAtMs)

describe('the plain line', () => {
  it.each([
    ['a track', track, 'Marisol Vantreight, Claude Debussy - Clair de lune'],
    ['an episode', episode, 'The Logbook Hour - A Light off the Azores'],
    ['an ad', ad, 'Advertisement'],
    ['a local file', localFile, 'The Winter Quartet - Der Leiermann'],
    ['an unknown item', unknownItem, 'Unknown title'],
    ['an empty answer', {}, 'Unknown title'],
  ])('of %s', (_, body, line) => {
    expect(renderLine(read(body))).toBe(line)
  })

  it('stays one clean line whatever the title holds', () => {
    const hostile = {
      ...track,
      item: { ...track.item, name: 'a\nb\u001b[31m\u202e', artists: [{ name: 'x\r' }] },
    }
    expect(renderLine(read(hostile))).toBe('x  - a b[31m')
  })
})

describe('JSON', () => {
  it('of a local file has null for what it lacks', () => {
    expect(JSON.parse(renderJson(read(localFile)))).toMatchObject({
      title: 'Der Leiermann',
      url: null,
      id: null,
      image: null,
    })
  })

  it('of an ad has no title', () => {
    expect(JSON.parse(renderJson(read(ad)))).toMatchObject({
      type: 'ad',
      title: null,
      artists: [],
      progress_ms: 4_210,
    })
  })

  it('of nothing is one field', () => {
    expect(renderJson(undefined)).toBe('{"playing":false}')
  })
})

describe('the card', () => {
  it('of a track shows the state, title, artists, album and progress', () => {
    expect(renderCard(read(track), noColor, 40)).toBe(
      [
        '▶ Clair de lune',
        '  Marisol Vantreight, Claude Debussy',
        '  Suite bergamasque',
        `  ${'━'.repeat(7)}${'─'.repeat(17)} 1:23 / 5:04`,
      ].join('\n'),
    )
  })

  it('of a paused track says so', () => {
    expect(renderCard(read(pausedTrack), noColor, 80)).toMatch(/^⏸ Clair de lune\n/)
  })

  it('of an ad has no bar, because nobody says how long it is', () => {
    expect(renderCard(read(ad), noColor, 80)).toBe('▶ Advertisement')
  })

  it('fits a narrow terminal', () => {
    expect(renderCard(read(episode), noColor, 10).split('\n').at(-1)).toBe('   20:04 / 45:31')
  })
})
