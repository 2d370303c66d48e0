import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { asked } from '../support/asked.ts'
import { pausedTrack, track } from '../support/fixtures.ts'
import { followLogin } from '../support/follow-login.ts'
import { runInProcess } from '../support/in-process.ts'
import { withProgramOnPath } from '../support/on-path.ts'
import { refused } from '../support/outcome.ts'
import { it } from '../support/pane-fixture.ts'
import { missingScope } from '../support/player-command.ts'
import { type Sandbox, waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'
import { visit } from '../support/visit.ts'

const question = 'Log in again to grant it? What you granted before stays.'

/** Agrees in the browser that the program has opened. */
async function agree(sandbox: Sandbox): Promise<void> {
  const { headers } = await visit(await sandbox.openedUrl())
  await visit(await followLogin(headers.location ?? '', 'agree'))
}

const { title, skip } = needs('a command that lacks a scope', 'tmux')

describe.skipIf(skip).concurrent(`${title}, on a terminal`, () => {
  it.beforeEach(async ({ sandbox, standIn, pane }) => {
    // The terminal logs in with all scopes.
    expect(pane).toBeDefined()
    Object.assign(sandbox.env, { SPOTIFY_REDIRECT_URI: 'http://127.0.0.1/callback' })
    standIn.playback = track
    await sandbox.logIn(standIn, { scopes: ['user-read-currently-playing', 'user-top-read'] })
  })

  it('says which and why, and goes on after a login with it', async ({ sandbox, standIn, pane }) => {
    await pane.start('pause')
    await pane.asks(question)
    // The terminal breaks the line where it ends.
    expect((await pane.screen()).replaceAll('\n', '')).toContain(
      'pause needs your permission to control the player.The scope user-modify-playback-state was not granted; the login adds its set, player.',
    )
    await pane.press('y')
    await agree(sandbox)
    expect(await pane.ended()).toBe(0)
    expect(standIn.playback).toEqual({ ...pausedTrack, actions: track.actions })
    // What was granted stays, and the next command asks nothing.
    expect(sandbox.readCredential().scopes.toSorted()).toEqual([
      'user-modify-playback-state',
      'user-read-currently-playing',
      'user-read-playback-state',
      'user-top-read',
    ])
    expect(await runInProcess(sandbox, ['volume'])).toMatchObject({ code: 0, stdout: '40\n' })
  })

  it.for([
    ['n', 5],
    ['Escape', 5],
    ['C-c', 130],
  ] as const)('%s leaves everything as it is', async ([key, code], { sandbox, standIn, pane }) => {
    const before = sandbox.snapshot()
    await pane.start('pause')
    await pane.answer(question, key)
    expect(await pane.ended()).toBe(code)
    if (code === 5) await pane.shows('Run: spotify-auth login --scope +player')
    expect(sandbox.snapshot()).toEqual(before)
    expect(sandbox.wasBrowserOpened()).toBe(false)
    expect(standIn.requests).toEqual([])
  })

  it('asks in the middle of a choice, which then goes on', async ({ sandbox, pane }) => {
    await pane.start('play')
    await pane.answer(question, 'y')
    await agree(sandbox)
    await pane.asks('Artist')
    await pane.press('C-c')
    expect(await pane.ended()).toBe(130)
  })

  it('does not ask again where Spotify grants less', async ({ sandbox, standIn, pane }) => {
    const scope = 'user-read-currently-playing'
    const tokens = await standIn.issue({ scope })
    const body = { ...tokens, token_type: 'Bearer', expires_in: 3600, scope }
    standIn.fault('POST /api/token', { status: 200, body })
    await pane.start('pause')
    await pane.answer(question, 'y')
    await agree(sandbox)
    expect(await pane.ended()).toBe(5)
    await pane.shows('Run: spotify-auth login --scope +player')
  })

  it('does not ask for what was granted', async ({ sandbox, standIn, pane }) => {
    await sandbox.logIn(standIn)
    const error = { status: 403, message: 'Insufficient client scope' }
    standIn.fault('GET /v1/me/top/tracks', { status: 403, body: { error } })
    await pane.start('top')
    expect(await pane.ended()).toBe(5)
    await pane.shows('Run: spotify-auth login --scope +SCOPE')
    expect(sandbox.wasBrowserOpened()).toBe(false)
  })

  it.for([['pause', '--json'], ['api', '/me/player/devices'], ['now-playing'], ['--verbose', 'now-playing']])(
    '%j never asks',
    async (args, { sandbox, standIn, pane }) => {
      const tokens = await standIn.issue({ scope: 'user-top-read' })
      await sandbox.logIn(standIn, { accessToken: tokens.access_token, scopes: ['user-top-read'] })
      await pane.start(...args)
      expect(await pane.ended()).toBe(5)
      await pane.shows('login --scope')
    },
  )

  it('prints what it was asked for, and nothing of the login, where its output goes elsewhere', async ({
    sandbox,
  }) => {
    const env = { ...withProgramOnPath(sandbox), TERM: 'xterm-256color', SHELL: '/bin/sh' }
    const file = path.join(sandbox.env.HOME ?? '', 'devices')
    const child = spawn('script', ['-qec', `stty cols 100; spotify-auth devices >'${file}'`, '/dev/null'], {
      env,
    })
    let shown = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      shown += text
    })
    await waitFor(() => shown.includes(question))
    child.stdin.write('y')
    await agree(sandbox)
    expect(await once(child, 'close')).toEqual([0, null])
    expect(readFileSync(file, 'utf8')).toMatch(
      /^\w{40}\tKitchen\tSpeaker\tactive\n\w{40}\tAda’s Laptop\t\w+\t\n$/,
    )
    expect(shown).toContain('Logged in as Ada Lovelace')
  })
})

it.for([
  ['another of its set', ['user-read-currently-playing', 'user-modify-playback-state'], '+player'],
  ['none of its set', undefined, '+SCOPE'],
] as const)(
  'a scope that was granted is not called missing where Spotify asks for one, and the login lacks %s',
  async ([, granted, word], { sandbox, standIn }) => {
    await sandbox.logIn(standIn, granted && { scopes: [...granted] })
    const error = { status: 403, message: 'Insufficient client scope' }
    standIn.fault('PUT /v1/me/player/pause', { status: 403, body: { error } })
    expect(await runInProcess(sandbox, ['pause'])).toEqual({
      ...refused,
      stderr: `This needs a scope besides user-modify-playback-state, which was granted; the page of the request at developer.spotify.com names it.\nRun: spotify-auth login --scope ${word}\n`,
    })
  },
)

it('a command that lacks a scope, off a terminal, says which login adds it', async ({ sandbox, standIn }) => {
  await sandbox.logIn(standIn, { scopes: ['user-read-currently-playing'] })
  expect(await sandbox.run(['pause'])).toEqual(missingScope('user-modify-playback-state'))
  expect(asked(standIn)).toEqual([])
})
