import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect } from 'vitest'
import { expired, refreshes } from '../support/credentials.ts'
import { it } from '../support/fixture.ts'
import { track } from '../support/fixtures.ts'
import { followLogin } from '../support/follow-login.ts'
import { line, timesAsked } from '../support/now-playing.ts'
import { platforms, removeWindows } from '../support/platforms.ts'
import { waitFor } from '../support/sandbox.ts'
import { visit } from '../support/visit.ts'

afterAll(removeWindows)

describe.for(platforms)('from login to logout', ({ title, skip, lock, prepare }) => {
  it.skipIf(skip)(title, { timeout: 300_000 }, async ({ sandbox, standIn }) => {
    standIn.rotation = 'strict'
    standIn.playback = track
    const { options, hasBrowser = true, kill = 'SIGKILL' } = await prepare(sandbox)
    const run = (...args: string[]) => sandbox.run(args, options)
    const success = (stdout: unknown) => ({ code: 0, signal: null, stdout, stderr: '' })
    const tokens = () => sandbox.readCredential().accessToken
    const expire = () => sandbox.writeCredential({ ...sandbox.readCredential(), ...expired() })

    expect(await run('token')).toMatchObject({ code: 4, stdout: '' })
    const login = await sandbox.beginLogin(hasBrowser ? [] : ['--no-browser'], options)
    const shown = /^ {2}(http:\/\/127\S+)$/m.exec(login.stderr())?.[1] ?? ''
    const { headers } = await visit(hasBrowser ? await sandbox.openedUrl() : shown)
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

    expect(await run('now-playing')).toEqual(success(line))
    expect(timesAsked(standIn)).toBe(1)
    expect(await run('now-playing', '--max-age', '3600')).toEqual(success(line))
    expect(await run('now-playing', '--max-age', '3600')).toEqual(success(line))
    expect(timesAsked(standIn)).toBe(2)
    expect(await run('search', 'debussy', '--type', 'album', '--ids')).toEqual(
      success('spotify:album:6tJw2CkQe8Vn4gXsRy0MhU\n'),
    )
    expect(await run('api', '/me')).toEqual(success(expect.stringContaining('Ada Lovelace')))

    expire()
    const before = refreshes(standIn).length
    const six = await Promise.all(Array.from({ length: 6 }, () => run('token')))
    expect(six).toEqual(Array(6).fill(success(`${tokens()}\n`)))
    expect(refreshes(standIn)).toHaveLength(before + 1)

    expire()
    standIn.fault('POST /api/token', { hang: true })
    const holder = sandbox.start(['token'], options)
    await waitFor(() => refreshes(standIn).length === before + 2)
    holder.child.kill(kill)
    await holder.outcome
    expect(await run('token')).toEqual(success(`${tokens()}\n`))
    expect(refreshes(standIn)).toHaveLength(before + 3)

    expect(await run('status')).toEqual(success(expect.stringContaining('Ada Lovelace')))
    expect(await run('logout')).toMatchObject({ code: 0 })
    expect(sandbox.snapshot()).toEqual({})
    expect(await run('token')).toMatchObject({ code: 4, stdout: '' })
  })
})
