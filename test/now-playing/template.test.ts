import { describe, expect, it } from 'vitest'
import { escapes } from '../../src/now-playing/escape.ts'
import { readTemplate } from '../../src/now-playing/template.ts'
import { viewAt } from '../../src/now-playing/view.ts'
import { readPlayback } from '../../src/web-api/playback.ts'
import { ad, episode, track } from '../support/fixtures.ts'

const view = (body: unknown, laterMs = 0) => viewAt(readPlayback(body, 0), laterMs)
const render = (template: string, body: unknown = track) =>
  readTemplate(template).render(view(body), (value) => value)

it.each([
  ['{state} {icon}', 'playing ▶'],
  ['{progress}/{duration} {remaining}', '1:23/5:04 3:40'],
  ['{percent}% {bar}', '27% ━━━───────'],
  ['{uri} {id} {type}', 'spotify:track:3vHx5LqZs7Ea9bNcTf2WkP 3vHx5LqZs7Ea9bNcTf2WkP track'],
  ['{{title}', '{title}'],
  ['{{{title}}', '{Clair de lune}'],
  ['a } b', 'a } b'],
  ['', ''],
])('renders %j', (template, line) => {
  expect(render(template)).toBe(line)
})

it('renders {liked} as a heart, and says that it is named', () => {
  const { render, namesLiked } = readTemplate('{title} {liked}')
  const shown = (liked?: boolean) => render({ ...view(track), liked }, (value) => value)
  expect([shown(true), shown(false), shown()]).toEqual([
    'Clair de lune ♥',
    'Clair de lune ',
    'Clair de lune ',
  ])
  expect(namesLiked).toBe(true)
  expect(readTemplate('{title} {{liked}').namesLiked).toBe(false)
})

it('renders what an episode or an ad lacks as nothing', () => {
  expect(render('{show}|{artists}|{album}', episode)).toBe('The Logbook Hour||')
  expect(render('{title}|{duration}|{bar}|{percent}|{remaining}', ad)).toBe('Advertisement||||')
})

it('puts values in once and never reads them again', () => {
  const named = { ...track, item: { ...track.item, name: '{artist} {{ {nope}' } }
  expect(render('{title}', named)).toBe('{artist} {{ {nope}')
})

it.each(['{nope}', '{}', '{title', '{ title }', '{toString}', '{__proto__}'])(
  'refuses %s and lists the fields',
  (template) => {
    expect(() => readTemplate(template)).toThrow(
      expect.objectContaining({ code: 'usage', hint: expect.stringContaining('{title} {artist}') }),
    )
  },
)

describe('escapes', () => {
  it.each([
    ['none', `<b>&"'</b>`, `<b>&"'</b>`],
    ['pango', `<b>&"'</b>`, '&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;'],
    ['tmux', '#[fg=red]#(touch x)#{pid}', '##[fg=red]##(touch x)##{pid}'],
    ['polybar', '%{F#f00}50%', '%\u2060{F#f00}50%\u2060'],
    ['json', 'a"b\\c', 'a\\"b\\\\c'],
  ] as const)('for %s', (target, text, escaped) => {
    expect(escapes[target](text)).toBe(escaped)
  })

  it('values alone, not the template around them', () => {
    const named = { ...track, item: { ...track.item, name: 'R&B' } }
    expect(readTemplate('<b>{title}</b> & more').render(view(named), escapes.pango)).toBe(
      '<b>R&amp;B</b> & more',
    )
  })
})

describe('time moves on', () => {
  it.each([
    ['while it plays', track, 10_000, 93_417],
    ['never past the end', track, 1_000_000, 304_160],
    ['not before it was fetched', track, -5_000, 83_417],
    ['not while it is paused', { ...track, is_playing: false }, 10_000, 83_417],
    ['without an end where nobody knows it', ad, 10_000, 14_210],
  ])('%s', (_, body, laterMs, progressMs) => {
    expect(view(body, laterMs).progressMs).toBe(progressMs)
  })
})
