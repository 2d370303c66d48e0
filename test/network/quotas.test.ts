import { writeFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { serializeCredential } from '../../src/session/credential-text.ts'
import { it } from '../support/fixture.ts'
import { composer, suite } from '../support/fixtures.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import { hearATrack, line, timesAsked } from '../support/now-playing.ts'
import { copyLogin, credentialFileOf } from '../support/profiles.ts'
import { confidentialApp, type StandIn } from '../support/stand-in.ts'
import { visit } from '../support/visit.ts'

const albums = ['albums', composer.uri]
const timesListed = ({ requestsTo }: StandIn) => requestsTo(`GET /v1/artists/${composer.id}/albums`).length
const limited = { code: 6, stdout: '' }
const closed = (family: string, reason = 'quota_exceeded') => [{ family, reason, until: expect.any(Number) }]

describe.concurrent('a used-up quota', () => {
  it.beforeEach(hearATrack)

  describe('of the catalogue', () => {
    it.override({ standInOptions: { quotas: { catalogue: 1 } } })

    it('keeps to itself: no more albums and tracks, and now-playing goes on', async ({
      sandbox,
      standIn,
    }) => {
      expect(await runInProcess(sandbox, albums)).toMatchObject({ code: 0 })
      const said =
        /^The quota of your developer account is used up for catalogue requests until \d+ \w+ at \d\d:\d\d: .*\nTry again in 24 hours\.\n$/
      expect(await sandbox.run(albums)).toMatchObject({ ...limited, stderr: expect.stringMatching(said) })
      for (const args of [albums, ['tracks', suite.uri]]) {
        expect(await runInProcess(sandbox, args)).toMatchObject({
          ...limited,
          stderr: expect.stringMatching(said),
        })
      }
      expect(standIn.requests).toHaveLength(2)
      expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({ code: 0, stdout: line })
    })

    it('is shown by status: what is closed, until when, and why', async ({ sandbox }) => {
      const before = await runInProcess(sandbox, ['status'])
      expect(before.stdout).not.toContain('Closed')
      for (const args of [albums, albums]) await runInProcess(sandbox, args)
      const env = { TZ: 'UTC' }
      const status = JSON.parse((await runInProcess(sandbox, ['status', '--json'])).stdout)
      expect(status.closed).toEqual(closed('catalogue'))
      const leftSeconds = status.closed[0].until - Date.now() / 1000
      expect(leftSeconds).toBeGreaterThan(86_100)
      expect(leftSeconds).toBeLessThan(86_209)
      const lines = (await sandbox.run(['status'], { env })).stdout.trimEnd().split('\n')
      const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })
      const minute = new Date((status.closed[0].until + 59) * 1000)
      expect(lines.at(-1)).toBe(
        `  Closed        catalogue until ${day.format(minute)} at ${minute.toISOString().slice(11, 16)} (its quota is used up)`,
      )
      const all = await runInProcess(sandbox, ['status', '--all'], { env })
      expect(all.stdout).toMatch(/^default {2}Logged in as .*\n {9}Closed: catalogue until .*\n$/)
    })

    it('holds for every profile of the app, and for no other app', async ({ sandbox, standIn }) => {
      copyLogin(sandbox, 'work')
      const { clientId } = confidentialApp
      const tokens = await standIn.issue({ clientId })
      const other = { ...sandbox.readCredential(), clientId, accessToken: tokens.access_token }
      writeFileSync(credentialFileOf(sandbox, 'other'), serializeCredential(other), { mode: 0o600 })
      for (const args of [albums, albums, [...albums, '--profile', 'work']]) await runInProcess(sandbox, args)
      expect(timesListed(standIn)).toBe(2)
      expect(await runInProcess(sandbox, [...albums, '--profile', 'other'])).toMatchObject({ code: 0 })
      const all = JSON.parse((await runInProcess(sandbox, ['status', '--all', '--json'])).stdout)
      expect(all.map(({ profile, closed }: Record<string, unknown>) => [profile, closed])).toEqual([
        ['default', closed('catalogue')],
        ['other', []],
        ['work', closed('catalogue')],
      ])
    })

    it('outlives logout and login', async ({ sandbox, standIn }) => {
      for (const args of [albums, albums, ['logout']]) await runInProcess(sandbox, args)
      const login = await beginLoginInProcess(sandbox)
      await visit(await login.answer('agree'))
      expect(await login.outcome).toMatchObject({ code: 0 })
      expect(await runInProcess(sandbox, albums)).toMatchObject(limited)
      expect(timesListed(standIn)).toBe(2)
      const { stdout } = await runInProcess(sandbox, ['status', '--json'])
      expect(JSON.parse(stdout).closed).toEqual(closed('catalogue'))
    })
  })

  describe('of the player', () => {
    it.override({ standInOptions: { quotas: { player: 0 } } })

    it('keeps to itself: no more now-playing, and albums goes on', async ({ sandbox, standIn }) => {
      for (const run of [runInProcess.bind(null, sandbox), sandbox.run]) {
        const { stderr, ...outcome } = await run(['now-playing', '--json'])
        expect(outcome).toMatchObject(limited)
        expect(JSON.parse(stderr).error).toMatchObject({
          code: 'rate_limited',
          message: expect.stringMatching(
            /^The quota of your developer account is used up for player requests until /,
          ),
        })
      }
      expect(timesAsked(standIn)).toBe(1)
      expect(await runInProcess(sandbox, albums)).toMatchObject({ code: 0 })
      expect(await runInProcess(sandbox, ['status', '--check'])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('player until'),
      })
    })
  })
})

it('a 429 that is no quota closes all of the Web API, and status says so', async ({ sandbox, standIn }) => {
  await hearATrack({ sandbox, standIn })
  const answer = { status: 429, headers: { 'retry-after': '600' }, body: '' }
  standIn.fault(`GET /v1/artists/${composer.id}/albums`, answer)
  expect(await runInProcess(sandbox, albums)).toMatchObject(limited)
  expect(await runInProcess(sandbox, ['now-playing'])).toMatchObject({
    ...limited,
    stderr: expect.stringMatching(
      /^Spotify asks to slow down: it has closed the whole Web API until \d+ \w+ at \d\d:\d\d\.\nTry again in 10 minutes\.\n$/,
    ),
  })
  expect(standIn.requests).toHaveLength(1)
  expect(JSON.parse((await runInProcess(sandbox, ['status', '--json'])).stdout).closed).toEqual(
    closed('api', 'rate_limited'),
  )
  expect((await runInProcess(sandbox, ['status'])).stdout).toMatch(
    / {2}Closed {8}the whole Web API until .* \(Spotify asks to slow down\)\n$/,
  )
})
