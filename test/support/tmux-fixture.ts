import { it as plain } from './fixture.ts'
import { hearATrack } from './now-playing.ts'
import { withProgramOnPath } from './on-path.ts'
import { recipe } from './readme.ts'
import { waitFor } from './sandbox.ts'
import { startTmux } from './tmux.ts'

interface StatusBar {
  /** Waits until the bar ends on this title, as it is painted. */
  shows(title: string): Promise<void>
  /** Waits until nothing of a track is there. */
  isEmpty(): Promise<void>
}

/** `it` with a tmux whose status bar is the README's recipe; somebody is logged in and hears a track. */
export const it = plain.extend<{ statusBar: StatusBar }>({
  statusBar: async ({ sandbox, standIn }, use) => {
    await hearATrack({ sandbox, standIn })
    const tmux = await startTmux(sandbox.env.HOME ?? '', recipe('tmux'), withProgramOnPath(sandbox))
    const ends = (text: string) => waitFor(async () => (await tmux.statusLine()).endsWith(text), 20_000, 50)
    await use({
      shows: (title) => ends(`Marisol Vantreight, Claude Debussy - ${title}`),
      // The flag of the window's name is then the last character.
      isEmpty: () => ends('*'),
    })
    await tmux.stop()
  },
})
