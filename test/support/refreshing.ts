import path from 'node:path'
import type { Credential } from '../../src/session/credential.ts'
import { fingerprintOf } from '../../src/session/fingerprint.ts'
import { expired, refreshes } from './credentials.ts'
import type { Fault } from './faults.ts'
import { runInProcess } from './in-process.ts'
import { type Running, type Sandbox, waitFor } from './sandbox.ts'
import type { StandIn } from './stand-in.ts'

export const dayMs = 86_400_000

/**
 * When a login was agreed to whose six months are over in so many days; up to three days sooner where the month of
 * that beginning has fewer days than the month of the end.
 */
export function authorizedToEndIn(days: number): number {
  const from = new Date(Date.now() + days * dayMs)
  const day = from.getUTCDate()
  from.setUTCMonth(from.getUTCMonth() - 6)
  return from.getUTCDate() === day ? from.getTime() : from.setUTCDate(0)
}

/** The refresh tokens that were sent to Spotify, in their order. */
export const presentedTokens = (standIn: Pick<StandIn, 'requestsTo'>) =>
  refreshes(standIn).map(({ form }) => form.get('refresh_token'))

export const lockFile = ({ credentialFile }: Pick<Sandbox, 'credentialFile'>) =>
  credentialFile.replace(/json$/, 'lock')

/** The name of the draft of a login that is to replace this one, beside its file. */
export function draftBeside(
  { credentialFile }: Pick<Sandbox, 'credentialFile'>,
  replaced: Credential,
): string {
  const { dir, name } = path.parse(credentialFile)
  return path.join(dir, `${name}.${fingerprintOf(replaced.refreshToken)}.01234567.tmp`)
}

interface Place {
  sandbox: Sandbox
  standIn: StandIn
}

/** Starts `token` on a login that needs a refresh, and returns when its request is at Spotify but not yet answered. */
export function startRefresh(
  place: Place,
  fault: Fault,
  changes?: Partial<Credential>,
): Promise<Running & { login: Credential }> {
  return begin(place, () => place.sandbox.start(['token']), fault, changes)
}

/** The same in this process, where it cannot be stopped or killed. */
export function startRefreshInProcess(
  place: Place,
  fault: Fault,
  changes?: Partial<Credential>,
): Promise<Pick<Running, 'outcome'> & { login: Credential }> {
  return begin(place, () => ({ outcome: runInProcess(place.sandbox, ['token']) }), fault, changes)
}

async function begin<Started>(
  { sandbox, standIn }: Place,
  start: () => Started,
  fault: Fault,
  changes: Partial<Credential> = expired(),
): Promise<Started & { login: Credential }> {
  const login = await sandbox.logIn(standIn, changes)
  standIn.fault('POST /api/token', fault)
  const started = start()
  await waitFor(() => refreshes(standIn).length === 1)
  return { ...started, login }
}
