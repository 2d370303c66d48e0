import type { Context } from '../context.ts'
import { refreshTokens } from '../oauth/spotify-accounts.ts'
import { type Credential, renewed } from './credential.ts'
import { saveCredential } from './credential-store.ts'

type World = Pick<Context, 'home' | 'profile' | 'accountsUrl' | 'request' | 'now'>

/** Spends the credential's refresh token on a new access token; what comes back is on disk before it is returned. */
export async function refresh(world: World, credential: Credential): Promise<Credential> {
  const tokens = await refreshTokens(world, credential, credential.refreshToken)
  const fresh = renewed(credential, tokens, world.now())
  saveCredential(world, fresh)
  return fresh
}
