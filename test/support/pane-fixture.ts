import { it as plain } from './fixture.ts'
import { type Pane, startInPane } from './pane.ts'
import { waitFor } from './sandbox.ts'

/** The program in a terminal that is really drawn, once it has been started there. */
export interface PaneOfATest extends Omit<Pane, 'stop'> {
  start(...args: string[]): Promise<void>
  /** Waits until the text is on the screen. */
  shows(text: string): Promise<void>
  /** Waits until that question is asked. */
  asks(question: string): Promise<void>
  /** Waits until that question is asked, and presses these keys. */
  answer(question: string, ...keys: string[]): Promise<void>
  /** Waits until the program has ended; the exit code. */
  ended(): Promise<number | undefined>
}

/** `it` with a terminal; somebody is logged in. */
export const it = plain.extend<{ pane: PaneOfATest }>({
  pane: async ({ sandbox, standIn }, use) => {
    await sandbox.logIn(standIn)
    let pane: Pane | undefined
    const started = () => {
      if (!pane) throw new Error('nothing was started in the terminal')
      return pane
    }
    const until = (condition: () => boolean | Promise<boolean>) => waitFor(condition, 20_000, 100)
    const self: PaneOfATest = {
      async start(...args) {
        pane = await startInPane(sandbox.env.HOME ?? '', args, sandbox.env)
      },
      screen: () => started().screen(),
      question: () => started().question(),
      press: (...keys) => started().press(...keys),
      exitCode: () => started().exitCode(),
      shows: (text) => until(async () => (await self.screen()).includes(text)),
      asks: (question) => until(async () => (await self.question()) === question),
      async answer(question, ...keys) {
        await self.asks(question)
        await self.press(...keys)
      },
      async ended() {
        await until(() => self.exitCode() !== undefined)
        return self.exitCode()
      },
    }
    await use(self)
    await pane?.stop()
  },
})
