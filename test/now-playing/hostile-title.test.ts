import { Chalk } from 'chalk'
import { describe, expect } from 'vitest'
import { renderCard } from '../../src/now-playing/render-card.ts'
import { viewAt } from '../../src/now-playing/view.ts'
import { readPlayback } from '../../src/web-api/playback.ts'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'

describe.concurrent('a hostile title', () => {
  const hostile =
    'a\u001b[31m\u001b]52;c;aGk=\u0007\u009b31m\u007f\r\n\u2028b\u202egnp\u2066\0\ud83d 👩‍👩‍👧‍👦 #[fg=red]#(touch x) %{F#f00} <b>&"\' {title}'
  const clean = 'a[31m]52;c;aGk=31m bgnp\ufffd 👩‍👩‍👧‍👦 #[fg=red]#(touch x) %{F#f00} <b>&"\' {title}'
  it.beforeEach(async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    standIn.playback = {
      ...track,
      item: {
        ...track.item,
        name: hostile,
        artists: [{ name: hostile }],
        album: { ...track.item.album, name: hostile },
      },
    }
  })

  it.for<[args: string[], text: string]>([
    [[], `${clean} - ${clean}`],
    [['--format', '{title}'], clean],
    [['--format', '{artist}|{artists}|{album}'], `${clean}|${clean}|${clean}`],
    [['--format', '{title}', '--escape', 'tmux'], clean.replaceAll('#', '##')],
    [['--format', '{title}', '--escape', 'polybar'], clean.replaceAll('%{', '%\u2060{')],
    [['--format', '{title}', '--escape', 'pango'], clean.replace('<b>&"\'', '&lt;b&gt;&amp;&quot;&#39;')],
    [['--format', '{title}', '--max-length', '8'], 'a[31m]5…'],
  ])('is one clean line with %j', async ([args, text], { sandbox }) => {
    const { code, stdout } = await runInProcess(sandbox, ['now-playing', ...args])
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${text}\n` })
  })

  it('is one clean line in JSON that parses back to the original', async ({ sandbox }) => {
    const { stdout } = await sandbox.run(['now-playing', '--json'])
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u)
    expect(stdout).not.toMatch(/[\u202e\u2066\u2028]/)
    expect(stdout.split('\n')).toHaveLength(2)
    expect(JSON.parse(stdout)).toMatchObject({ title: hostile, artists: [hostile], album: hostile })
  })

  it('is clean Pango in one JSON object for waybar', async ({ sandbox }) => {
    const { stdout } = await runInProcess(sandbox, ['now-playing', '--waybar', '--format', '<i>{title}</i>'])
    const { text, tooltip } = JSON.parse(stdout)
    const escaped = clean.replace('<b>&"\'', '&lt;b&gt;&amp;&quot;&#39;')
    expect(text).toBe(`<i>${escaped}</i>`)
    expect(tooltip).toBe([escaped, escaped, escaped].join('\n'))
    expect(stdout.trim()).not.toMatch(/\p{Cc}/u)
  })

  it('fits into a JSON template', async ({ sandbox }) => {
    const { stdout } = await runInProcess(sandbox, [
      'now-playing',
      '--escape',
      'json',
      '--format',
      '{{"t":"{title}"}',
    ])
    expect(JSON.parse(stdout)).toEqual({ t: clean })
  })

  it('is clean in every line of the card', () => {
    const name = 'a\u001b]52;c;aGk=\u0007\nb\u202e'
    const item = { ...track.item, name, artists: [{ name }], album: { name } }
    const card = renderCard(viewAt(readPlayback({ ...track, item }, 0), 0), new Chalk({ level: 0 }), 80)
    expect(card.split('\n').slice(0, 3)).toEqual(['▶ a]52;c;aGk= b', '  a]52;c;aGk= b', '  a]52;c;aGk= b'])
  })
})
