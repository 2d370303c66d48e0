import { expect } from 'vitest'
import { track } from '../support/fixtures.ts'
import { startI3 } from '../support/i3.ts'
import { playNext } from '../support/now-playing.ts'
import { recipeUnder } from '../support/recipe.ts'
import { waitFor } from '../support/sandbox.ts'
import { it } from '../support/shell-fixture.ts'
import { needs } from '../support/tools.ts'

const inI3 = needs('the recipe for keys', 'i3')
const onScreen = needs(inI3.title, 'Xvfb')
const pressed = needs(onScreen.title, 'xdotool')

it.skipIf(inI3.skip || onScreen.skip || pressed.skip)(
  `${pressed.title} pauses and goes on in i3, and likes with a notification`,
  async ({ shell, standIn }) => {
    const i3 = await startI3(recipeUnder('A key, in sway and i3'), shell.env)
    const isPlaying = () => (standIn.playback as typeof track).is_playing
    await i3.press('XF86AudioPlay')
    await waitFor(() => !isPlaying())
    await i3.press('XF86AudioPlay')
    await waitFor(isPlaying)
    playNext(standIn, '-n "$(touch pwned)" \\ `touch pwned`')
    await i3.press('super+shift+l')
    await waitFor(() => shell.notified().length === 1)
    expect([...standIn.library.saved]).toEqual([track.item.uri])
    expect(shell.notified()).toEqual([
      ['--', expect.stringContaining('-n "$(touch pwned)" \\ `touch pwned`')],
    ])
    await i3.stop()
  },
)
