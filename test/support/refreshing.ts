import path from 'node:path'
import type { Credential } from '../../src/session/credential.ts'
import { fingerprintOf } from '../../src/session/fingerprint.ts'
import { expired, refreshes } from './credentials.ts'
import type { Fault } from './faults.ts'
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

/** Starts `token` on a login that needs a refresh, and returns when its request is at Spotify but not yet answered. */
export async function startRefresh(
  { sandbox, standIn }: { sandbox: Sandbox; standIn: StandIn },
  fault: Fault,
  changes: Partial<Credential> = expired(),
): Promise<Running & { login: Credential }> {
  const login = await sandbox.logIn(standIn, changes)
  standIn.fault('POST /api/token', fault)
  const running = sandbox.start(['token'])
  await waitFor(() => refreshes(standIn).length === 1)
  return { ...running, login }
}
