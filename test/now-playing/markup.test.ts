import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { runInProcess } from '../support/in-process.ts'
import { withProgramOnPath } from '../support/on-path.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'
import { startTmux } from '../support/tmux.ts'
import { needs } from '../support/tools.ts'

/** What plays: title, album and both artists can be chosen. */
const playing = (title: string, album = '') => ({
  ...track,
  item: { ...track.item, name: title, album: { name: album }, artists: [{ name: title }] },
})

async function lineOf(
  { sandbox, standIn }: { sandbox: Sandbox; standIn: StandIn },
  target: string,
  template: string,
  title: string,
  album?: string,
): Promise<string> {
  await sandbox.logIn(standIn)
  standIn.playback = playing(title, album)
  const { stdout } = await runInProcess(sandbox, ['now-playing', '--escape', target, '--format', template])
  return stdout.replace(/\n$/, '')
}

const joiner = '\u2060'

describe('no tag of polybar’s arises', () => {
  it.for([
    ['{percent}%{title}', '{A1:touch x:}now', '', `27%${joiner}{A1:touch x:}now`],
    ['%{title}', '%{A1:x:}', '', `%${joiner}%${joiner}{A1:x:}`],
    ['{title}{album}', '100%', '{A1:x:}', `100%${joiner}{A1:x:}`],
    ['{title}{{A1:x:}', '100%', '', `100%${joiner}{A1:x:}`],
    ['%{album}{title}', '{A1:x:}', '', `%${joiner}{A1:x:}`],
    ['%{album}{{A1:x:}', '', '', `%${joiner}{A1:x:}`],
    ['%{album}{title}', '{A1:x:}', '%', `%${joiner}%${joiner}{A1:x:}`],
  ] as const)('from %s with %s and %s', async ([template, title, album, line], { sandbox, standIn }) => {
    expect(await lineOf({ sandbox, standIn }, 'polybar', template, title, album)).toBe(line)
    expect(line).not.toContain('%{')
  })
})

it('tags that a template means stay tags', async ({ sandbox, standIn }) => {
  const fixture = { sandbox, standIn }
  const polybar = '%{{F#f00}{title}%{{F-} 50% {album}'
  expect(await lineOf(fixture, 'polybar', polybar, 'Clair', 'Suite')).toBe('%{F#f00}Clair%{F-} 50% Suite')
  expect(await lineOf(fixture, 'tmux', '#[fg=red]{title}#[default]', 'Clair')).toBe(
    '#[fg=red]Clair#[default]',
  )
  expect(await lineOf(fixture, 'none', '#{title} %{title}', 'Clair')).toBe('#Clair %Clair')
  expect(await lineOf(fixture, 'pango', '#{title} %{title}', 'Clair')).toBe('#Clair %Clair')
})

const { title: described, skip } = needs('no tag of tmux’s arises', 'tmux')
describe.skipIf(skip).concurrent(described, () => {
  it.for([
    ['#{title}', '{pid}', '', '#{pid}'],
    ['#{title}', '[fg=red]x', '', '#[fg=red]x'],
    ['#{title}', '#[fg=red]x', '', '##[fg=red]x'],
    ['#{title}', '#{pid}', '', '##{pid}'],
    ['#{title}', 'S', '', '#S'],
    ['#{title}', '(echo no)', '', '#(echo no)'],
    ['{album}{title}', '[fg=red]x', '#', undefined],
    ['#{album}{title}', '{pid}', '', '#{pid}'],
    ['#{album}{title}', '[fg=red]x', '#', undefined],
    ['#{album}[fg=red]', '', '', '#[fg=red]'],
    ['{title}[fg=red]', '#', '', undefined],
    ['##{title}', '[fg=red]x', '', undefined],
  ] as const)('from %s with %s and %s', async ([template, title, album, seen], { sandbox, standIn }) => {
    const file = path.join(sandbox.env.HOME ?? '', 'line')
    writeFileSync(file, await lineOf({ sandbox, standIn }, 'tmux', template, title, album))
    // What tmux makes of a line does not depend on who prints it: so one of them is from the program.
    const program =
      title === '{pid}' && album === '' && template === '#{title}'
        ? `spotify-auth now-playing --escape tmux --format '${template.replaceAll('#', '##')}'`
        : `cat '${file}'`
    const configuration = `set -g status-interval 1\nset -g status-right-length 80\nset -g status-left ''\nset -g window-status-format ''\nset -g window-status-current-format ''\nset -g status-right "<#(${program})>"\n`
    const tmux = await startTmux(sandbox.env.HOME ?? '', configuration, withProgramOnPath(sandbox))
    try {
      const bare = async () => (await tmux.statusLine()).replaceAll(joiner, '')
      await waitFor(async () => /<.+>/.test(await bare()), 15_000, 100)
      const line = await bare()
      // A style would be an escape sequence inside, a format would be gone.
      const [, shown = ''] = /<(.*)>/.exec(line) ?? []
      expect(shown).not.toContain('\u001b')
      if (seen !== undefined) expect(shown).toBe(seen)
      else expect(shown).toContain(title.replace(/^#$/, '[fg=red]'))
    } finally {
      await tmux.stop()
    }
  })
})
