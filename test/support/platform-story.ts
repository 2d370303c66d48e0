import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { expired, refreshes } from './credentials.ts'
import { it } from './fixture.ts'
import { track } from './fixtures.ts'
import { followLogin } from './follow-login.ts'
import { line, timesAsked } from './now-playing.ts'
import type { Platform } from './platforms.ts'
import { waitFor } from './sandbox.ts'
import { visit } from './visit.ts'

/** An emulated machine may take as long as this for what others do at once. */
const patienceMs = 120_000

/** A test for each platform: the program's whole story on it, from login to logout. */
export function tellStory(platforms: Platform[]): void {
  describe.for(platforms)('from login to logout', ({ title, skip, lock, prepare }) => {
    it.skipIf(skip)(title, { timeout: 600_000 }, async ({ sandbox, standIn }) => {
      standIn.rotation = 'strict'
      standIn.playback = track
      const { options, hasBrowser = true, isSlow = false, kill = 'SIGKILL' } = await prepare(sandbox)
      const run = (...args: string[]) => sandbox.run(args, options)
      // Where a start takes seconds, those that a command waits for another one may not be enough: it says to try again.
      const runPatiently = async (...args: string[]): ReturnType<typeof run> => {
        const outcome = await run(...args)
        return isSlow && outcome.code === 6 ? runPatiently(...args) : outcome
      }
      const success = (stdout: unknown) => ({ code: 0, signal: null, stdout, stderr: '' })
      const tokens = () => sandbox.readCredential().accessToken
      const expire = () => sandbox.writeCredential({ ...sandbox.readCredential(), ...expired() })

      const login = await sandbox.beginLogin(hasBrowser ? [] : ['--no-browser'], { ...options, patienceMs })
      const shown = /^ {2}(http:\/\/127\S+)$/m.exec(login.stderr())?.[1] ?? ''
      const { headers } = await visit(hasBrowser ? await sandbox.openedUrl(patienceMs) : shown)
      const page = await visit(await followLogin(headers.location ?? '', 'agree'))
      expect(page).toMatchObject({ status: 200, text: expect.stringContaining('All set!') })
      expect(await login.outcome).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Logged in as Ada'),
      })
      if (lock) expect(readdirSync(path.join(sandbox.home, 'lock-kind'))).toEqual([lock])

      expect(await run('token')).toEqual(success(`${tokens()}\n`))
      const first = tokens()
      const refreshed = await run('token', '--refresh')
      expect(refreshed).toEqual(success(`${tokens()}\n`))
      expect(tokens()).not.toBe(first)

      expect(await run('now-playing', '--max-age', '3600')).toEqual(success(line))
      expect(await run('now-playing', '--max-age', '3600')).toEqual(success(line))
      expect(timesAsked(standIn)).toBe(1)
      expect(await run('search', 'debussy', '--type', 'album', '--ids')).toEqual(
        success('spotify:album:6tJw2CkQe8Vn4gXsRy0MhU\n'),
      )

      expire()
      const before = refreshes(standIn).length
      const six = await Promise.all(Array.from({ length: 6 }, () => runPatiently('token')))
      expect(six).toEqual(Array(6).fill(success(`${tokens()}\n`)))
      expect(refreshes(standIn)).toHaveLength(before + 1)

      expire()
      standIn.fault('POST /api/token', { hang: true })
      const holder = sandbox.start(['token'], options)
      await waitFor(() => refreshes(standIn).length === before + 2, patienceMs)
      holder.child.kill(kill)
      await holder.outcome
      expect(await run('api', '/me')).toEqual(success(expect.stringContaining('Ada Lovelace')))
      expect(refreshes(standIn)).toHaveLength(before + 3)

      // What depends least on the machine is left to those where a start does not take seconds.
      if (!isSlow) {
        expect(await run('now-playing')).toEqual(success(line))
        expect(timesAsked(standIn)).toBe(2)
        expect(await run('status')).toEqual(success(expect.stringContaining('Ada Lovelace')))
      }
      expect(await run('logout')).toMatchObject({ code: 0 })
      expect(sandbox.snapshot()).toEqual({})
      if (!isSlow) expect(await run('token')).toMatchObject({ code: 4, stdout: '' })
    })
  })
}
