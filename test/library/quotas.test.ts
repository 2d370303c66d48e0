import { describe, expect } from 'vitest'
import { callApi, getCurrentlyPlaying, openSession, type Session } from '../../src/index.ts'
import { composer, track } from '../support/fixtures.ts'
import { it } from '../support/library-environment.ts'
import { issueCredential } from '../support/sandbox.ts'
import type { StandIn } from '../support/stand-in.ts'

const listAlbums = (session: Session) => callApi(session, { path: `/artists/${composer.id}/albums` })
const timesListed = ({ requestsTo }: StandIn) => requestsTo(`GET /v1/artists/${composer.id}/albums`).length
const quota = {
  code: 'rate_limited',
  reason: 'QUOTA_EXCEEDED',
  message: expect.stringContaining('catalogue'),
}

describe('a used-up quota of the catalogue', () => {
  it.override({ standInOptions: { quotas: { catalogue: 0 } } })

  it('holds for all stores of its app, and leaves the player alone', async ({ standIn }) => {
    standIn.playback = track
    const open = async () => {
      const credential = await issueCredential(standIn)
      return openSession({ store: { load: () => credential, save() {} } })
    }
    const [one, two] = [await open(), await open()]
    await expect(listAlbums(one)).rejects.toMatchObject(quota)
    await expect(listAlbums(one)).rejects.toMatchObject(quota)
    await expect(listAlbums(two)).rejects.toMatchObject(quota)
    expect(timesListed(standIn)).toBe(1)
    expect(await getCurrentlyPlaying(two)).toMatchObject({ title: 'Clair de lune' })
  })

  it('is shared with the command line where the login is', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    await expect(listAlbums(await openSession())).rejects.toMatchObject(quota)
    expect(await sandbox.run(['albums', composer.uri])).toMatchObject({ code: 6 })
    expect(timesListed(standIn)).toBe(1)
  })
})
