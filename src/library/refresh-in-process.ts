import type { Context } from '../context.ts'
import { Interrupted } from '../errors.ts'
import { claimRefreshAhead } from '../session/claim-refresh-ahead.ts'
import { raiseAgain } from './raise-again.ts'

/** Refreshes ahead of time while the program goes on. A failure is not reported; where it lasts, the next call that needs a new token reports it. */
export async function refreshInProcess(
  context: Pick<Context, 'home' | 'profile' | 'credentials'>,
): Promise<void> {
  try {
    if (claimRefreshAhead(context)) await context.credentials.refreshAhead()
  } catch (error) {
    if (error instanceof Interrupted) await raiseAgain(error)
  }
}
