import { it as plain } from './fixture.ts'
import { hearATrack } from './now-playing.ts'
import { withProgramOnPath } from './on-path.ts'
import { recipe } from './recipe.ts'
import { waitFor } from './sandbox.ts'
import { startTmux } from './tmux.ts'

interface StatusBar {
  /** Reads the configuration again, changed by `change`. */
  reads(change?: (configuration: string) => string): Promise<void>
  /** Waits until the bar ends on this title, as it is painted. */
  shows(title: string): Promise<void>
  /** Waits until nothing of a track is there. */
  isEmpty(): Promise<void>
}

interface Fixture {
  /** Which of the recipes for tmux. */
  recipeNumber: number
  statusBar: StatusBar
}

/** `it` with a tmux whose status bar is a recipe; somebody is logged in and hears a track. */
export const it = plain.extend<Fixture>({
  recipeNumber: 1,
  statusBar: async ({ sandbox, standIn, recipeNumber }, use) => {
    await hearATrack({ sandbox, standIn })
    const configuration = recipe('tmux', recipeNumber)
    const tmux = await startTmux(sandbox.env.HOME ?? '', configuration, withProgramOnPath(sandbox))
    const ends = (text: string) => waitFor(async () => (await tmux.statusLine()).endsWith(text), 20_000, 100)
    await use({
      reads: (change = (text) => text) => tmux.read(change(configuration)),
      shows: (title) => ends(`Marisol Vantreight, Claude Debussy - ${title}`),
      // The flag of the window's name is then the last character.
      isEmpty: () => ends('*'),
    })
    await tmux.stop()
  },
})
