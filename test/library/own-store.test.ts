import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, vi } from 'vitest'
import {
  type Credential,
  type CredentialStore,
  getCurrentUser,
  openSession,
  SpotifyAuthError,
} from '../../src/index.ts'
import { expired, refreshes } from '../support/credentials.ts'
import { codeOf } from '../support/library-code.ts'
import { it as plain } from '../support/library-environment.ts'
import { issueCredential, waitFor } from '../support/sandbox.ts'
import { startScript } from '../support/script.ts'
import type { StandIn } from '../support/stand-in.ts'

// A store of one's own needs neither.
const it = plain.extend<{ environment: Record<string, string | undefined> }>({
  environment: { HOME: undefined, SPOTIFY_AUTH_HOME: undefined, SPOTIFY_REFRESH_TOKEN: 'not this one' },
})

const revoked = { status: 400, body: { error: 'invalid_grant' } }

/** A store in memory that takes its time, as a database does, and tells what was asked of it. */
function slowStore(standIn: StandIn, credential: Credential) {
  const store = {
    credential: credential as Credential | undefined,
    asked: [] as string[],
    async load() {
      store.asked.push('load')
      const { credential } = store
      await sleep(5)
      return credential
    },
    async save(credential: Credential) {
      await sleep(5)
      store.asked.push(`save after ${refreshes(standIn).length}`)
      store.credential = credential
    },
  }
  return store satisfies CredentialStore
}

function withLock(store: ReturnType<typeof slowStore>) {
  return {
    ...store,
    async lock<T>(work: () => Promise<T>): Promise<T> {
      store.asked.push('lock')
      const result = await work()
      store.asked.push('unlock')
      return result
    },
  }
}

describe('a store', () => {
  it('is asked each time, and nothing else is, while the token is good', async ({ standIn }) => {
    const store = slowStore(standIn, await issueCredential(standIn))
    const session = await openSession({ store: withLock(store) })
    expect(await session.accessToken()).toBe(store.credential?.accessToken)
    expect(store.asked).toEqual(['load', 'load'])
    expect(standIn.requests).toEqual([])
  })

  it('that is locked for too long keeps nobody from a token that is valid, whoever else refreshes it', async ({
    standIn,
  }) => {
    const store = slowStore(standIn, await issueCredential(standIn, { expiresAtMs: Date.now() + 30_000 }))
    const lock = async () => {
      await sleep(20)
      throw new SpotifyAuthError('busy', 'it is locked')
    }
    const session = await openSession({ store: { ...store, lock } })
    const refreshing = codeOf(session.refresh())
    expect(await session.accessToken()).toBe(store.credential?.accessToken)
    expect(await refreshing).toBe('busy')
  })

  it('gets the new token before anybody else, under its lock', async ({ standIn }) => {
    const login = await issueCredential(standIn, expired())
    const store = slowStore(standIn, login)
    const session = await openSession({ store: withLock(store) })
    expect(store.asked).toEqual(['load', 'lock', 'load', 'load', 'save after 1', 'unlock'])
    expect(store.credential).toEqual({
      ...login,
      accessToken: expect.not.stringMatching(login.accessToken),
      expiresAtMs: session.expiresAt.getTime(),
    })
    expect(await session.accessToken()).toBe(store.credential?.accessToken)
  })

  it('is renewed once for 50 calls', async ({ standIn }) => {
    standIn.rotation = 'strict'
    const store = slowStore(standIn, await issueCredential(standIn))
    const session = await openSession({ store })
    store.credential = { ...(store.credential as Credential), ...expired() }
    const tokens = await Promise.all(Array.from({ length: 50 }, () => session.accessToken()))
    expect(new Set(tokens)).toEqual(new Set([store.credential.accessToken]))
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it('is renewed once for all its sessions, as a server opens one for each request', async ({ standIn }) => {
    standIn.rotation = 'strict'
    const store = slowStore(standIn, await issueCredential(standIn, expired()))
    const sessions = await Promise.all(Array.from({ length: 10 }, () => openSession({ store })))
    const tokens = await Promise.all(sessions.map((session) => session.accessToken()))
    expect(new Set(tokens)).toEqual(new Set([store.credential?.accessToken]))
    expect(refreshes(standIn)).toHaveLength(1)
  })

  it.for([
    ['none', false],
    ['grace', true],
    ['strict', true],
  ] as const)('survives %s rotation', async ([rotation, replaces], { standIn }) => {
    standIn.rotation = rotation
    const login = await issueCredential(standIn)
    const store = slowStore(standIn, login)
    const session = await openSession({ store })
    for (let round = 0; round < 3; round++) await session.refresh()
    expect(store.credential?.refreshToken !== login.refreshToken).toBe(replaces)
    expect((await getCurrentUser(session))?.id).toBe('ada.lovelace')
  })

  it.for([[null], ['']])(
    'keeps its refresh token where Spotify says %j',
    async ([refresh_token], { standIn }) => {
      const { refreshToken, ...login } = await issueCredential(standIn, expired())
      const store = slowStore(standIn, { refreshToken, ...login })
      standIn.fault('POST /api/token', { transform: (json) => ({ ...json, refresh_token }) })
      await openSession({ store })
      expect(store.credential?.refreshToken).toBe(refreshToken)
    },
  )

  it('gets a refresh token that came without an access token', async ({ standIn, onTestFinished }) => {
    standIn.rotation = 'strict'
    const store = slowStore(standIn, await issueCredential(standIn, expired()))
    const { now } = Date
    let aheadMs = 0
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + aheadMs)
    onTestFinished(() => clock.mockRestore())
    standIn.fault('POST /api/token', { transform: ({ access_token, ...json }) => json })
    expect(await codeOf(openSession({ store }))).toBe('unavailable')
    // So long nobody asks again after a failure.
    aheadMs = 5_000
    expect((await openSession({ store })).expiresAt.getTime()).toBeGreaterThan(Date.now())
  })

  it('that could not save is made to by the next call, and no refresh token is lost', async ({ standIn }) => {
    standIn.rotation = 'strict'
    const kept = slowStore(standIn, await issueCredential(standIn, expired()))
    let isFull = true
    const store = {
      ...kept,
      async save(credential: Credential) {
        if (isFull) throw new Error('no room')
        await kept.save(credential)
      },
      load: () => kept.load(),
    }
    await expect(openSession({ store })).rejects.toThrow('no room')
    isFull = false
    const session = await openSession({ store })
    expect(await session.accessToken()).toBe(kept.credential?.accessToken)
    expect(refreshes(standIn)).toHaveLength(1)
    await session.refresh()
    expect(refreshes(standIn)).toHaveLength(2)
  })

  it('that cannot save says so, in its own words, and no token is handed out', async ({ standIn }) => {
    const store = slowStore(standIn, await issueCredential(standIn, expired()))
    const full = new Error('the disk is full')
    const save = () => Promise.reject(full)
    await expect(openSession({ store: { ...store, save } })).rejects.toBe(full)
  })

  it('that cannot load says so, in its own words', async () => {
    const away = new Error('the database is away')
    const load = () => Promise.reject(away)
    await expect(openSession({ store: { load, save() {} } })).rejects.toBe(away)
  })

  it.for([[undefined], [null]])('without a login (%s) asks for one', async ([nothing]) => {
    expect(await codeOf(openSession({ store: { load: () => nothing, save() {} } }))).toBe('login_required')
  })

  it('keeps the end of the login, and later calls make no request', async ({ standIn }) => {
    const login = await issueCredential(standIn)
    const store = slowStore(standIn, login)
    const onEnd = vi.fn()
    const session = await openSession({ store, onEnd })
    store.credential = { ...login, ...expired() }
    standIn.fault('POST /api/token', revoked)
    const calls = Array.from({ length: 10 }, () => codeOf(session.accessToken()))
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['login_expired']))
    expect(store.credential).toMatchObject({
      ...login,
      ended: 'revoked',
      expiresAtMs: expect.any(Number),
      accessToken: '',
      refreshToken: expect.stringMatching(/^sha256:/),
    })
    expect(await codeOf(session.accessToken())).toBe('login_expired')
    expect(await codeOf(openSession({ store }))).toBe('login_expired')
    expect(refreshes(standIn)).toHaveLength(1)
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('may get a new login, or another renewal of somebody quicker, meanwhile', async ({ standIn }) => {
    const login = await issueCredential(standIn, expired())
    const other = await issueCredential(standIn)
    const store = slowStore(standIn, login)
    standIn.fault('POST /api/token', { ...revoked, delayMs: 100 })
    const opening = openSession({ store })
    await waitFor(() => refreshes(standIn).length === 1)
    store.credential = other
    expect(await (await opening).accessToken()).toBe(other.accessToken)
    expect(store.credential).toEqual(other)
  })

  it('may lose its login meanwhile, and does not get it back', async ({ standIn }) => {
    const store = slowStore(standIn, await issueCredential(standIn, expired()))
    standIn.fault('POST /api/token', { ...revoked, delayMs: 100 })
    const opening = openSession({ store })
    await waitFor(() => refreshes(standIn).length === 1)
    store.credential = undefined
    expect(await codeOf(opening)).toBe('login_required')
    expect(store.credential).toBeUndefined()
  })

  it('is asked to slow down: the session remembers', async ({ standIn }) => {
    const session = await openSession({ store: slowStore(standIn, await issueCredential(standIn)) })
    standIn.fault('POST /api/token', { status: 429, headers: { 'retry-after': '9' }, body: '' })
    expect(await codeOf(session.refresh())).toBe('rate_limited')
    expect(await codeOf(session.refresh())).toBe('rate_limited')
    expect(refreshes(standIn)).toHaveLength(1)
    expect((await getCurrentUser(session))?.id).toBe('ada.lovelace')
  })
})

describe('onRefresh', () => {
  it('is called once of a renewal, however slow the store is for others', async ({ standIn }) => {
    const store = slowStore(standIn, await issueCredential(standIn))
    const onRefresh = vi.fn()
    const session = await openSession({ store, onRefresh })
    const { load } = store
    // Read before the renewal, answered after it.
    store.load = async () => {
      const early = await load()
      await sleep(300)
      return early
    }
    const token = session.accessToken()
    await sleep(50)
    store.load = load
    await session.refresh()
    await token
    await session.accessToken()
    expect(onRefresh).toHaveBeenCalledOnce()
    expect(session.expiresAt.getTime()).toBe(store.credential?.expiresAtMs)
  })
})

it('a lock that two processes share makes one refresh', async ({ standIn }) => {
  standIn.rotation = 'strict'
  const directory = mkdtempSync(path.join(tmpdir(), 'spotify-auth-store-'))
  try {
    const file = path.join(directory, 'login.json')
    writeFileSync(file, JSON.stringify(await issueCredential(standIn, expired())))
    standIn.fault('POST /api/token', { delayMs: 1_000 })
    const outcomes = await Promise.all([1, 2].map(() => startScript(sharing(file), standIn.env).outcome))
    const told = { code: 0, signal: null, stdout: expect.stringMatching(/^\S{20,}\n$/), stderr: '' }
    expect(outcomes).toEqual([told, { ...told, stdout: outcomes[0]?.stdout }])
    expect(refreshes(standIn)).toHaveLength(1)
  } finally {
    rmSync(directory, { recursive: true })
  }
})

/** A process that keeps its login in a file, under a lock that is a directory. */
const sharing = (file: string) => `
  import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises'
  import { setTimeout as sleep } from 'node:timers/promises'
  import { openSession } from 'spotify-auth-cli'
  const file = ${JSON.stringify(file)}
  const store = {
    load: async () => JSON.parse(await readFile(file, 'utf8')),
    save: (credential) => writeFile(file, JSON.stringify(credential)),
    async lock(work) {
      while (!(await mkdir(file + '.lock').then(() => true, () => false))) await sleep(20)
      return work().finally(() => rmdir(file + '.lock'))
    },
  }
  console.log(await (await openSession({ store })).accessToken())`
