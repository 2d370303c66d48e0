import { generateKeyPairSync, randomUUID } from 'node:crypto'
import type { ClientMetadata, KoaContextWithOIDC, Provider as ProviderType } from 'oidc-provider'
import { confidentialApp, listener, publicApp, scopes } from '../cast.ts'
import { consent } from './consent.ts'
import { memoryAdapter } from './memory-adapter.ts'
import { errors, interactionPolicy, Provider } from './oidc-provider.ts'
import { errorPage } from './pages.ts'

/** What a refresh does to the refresh token. */
export type Rotation = 'none' | 'grace' | 'strict'

interface Settings {
  issuer: string
  redirectUris: string[]
  accessTokenSeconds: number
  rotation: () => Rotation
}

const halfAYear = 183 * 24 * 60 * 60

const signingKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })

/** oidc-provider, set up to behave as accounts.spotify.com does. */
export function createAuthorizationServer(settings: Settings): ProviderType {
  const provider = new Provider(settings.issuer, {
    adapter: memoryAdapter((model) => model !== 'RefreshToken' || settings.rotation() === 'strict'),
    clients: [
      { ...client(publicApp, settings.redirectUris), token_endpoint_auth_method: 'none' },
      {
        ...client(confidentialApp, settings.redirectUris),
        client_secret: confidentialApp.clientSecret,
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    clientAuthMethods: ['none', 'client_secret_basic'],
    clientBasedCORS: () => false,
    cookies: { keys: [randomUUID()] },
    expiresWithSession: () => false,
    extraParams: { show_dialog: null, scope: refuseUnknownScopes },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_ctx, { uid }) => `/consent/${uid}`, policy: policy() },
    issueRefreshToken: () => true,
    jwks: { keys: [signingKey] },
    pkce: { required: (_ctx, { clientId }) => clientId === publicApp.clientId },
    renderError(ctx, { error, error_description }) {
      ctx.type = 'html'
      ctx.body = errorPage(error, error_description)
    },
    responseTypes: ['code'],
    rotateRefreshToken: () => settings.rotation() !== 'none',
    routes: { authorization: '/authorize', token: '/api/token' },
    scopes,
    ttl: {
      AccessToken: settings.accessTokenSeconds,
      AuthorizationCode: 600,
      Grant: halfAYear,
      Interaction: 3600,
      RefreshToken: halfAYear,
      Session: halfAYear,
    },
  })
  provider.Client.prototype.redirectUriAllowed = function (given) {
    return this.redirectUris?.some((registered) => sameRedirect(registered, given)) ?? false
  }
  provider.use(consent(provider))
  provider.use(answerAsSpotify(settings.rotation))
  return provider
}

function client(app: { clientId: string; name: string }, redirectUris: string[]): ClientMetadata {
  return {
    client_id: app.clientId,
    client_name: app.name,
    grant_types: ['authorization_code', 'refresh_token'],
    id_token_signed_response_alg: 'ES256',
    redirect_uris: redirectUris,
    response_types: ['code'],
  }
}

/** The port of a loopback literal is free, provided that it was registered without one. */
function sameRedirect(registered: string, given: string): boolean {
  const withoutPort = given.replace(/^(http:\/\/(?:127\.0\.0\.1|\[::1\])):\d+(?=[/?]|$)/, '$1')
  return registered === given || registered === withoutPort
}

/** Reads the query, because by now the library has dropped the unknown ones from its parameters. */
function refuseUnknownScopes({ URL: { searchParams } }: KoaContextWithOIDC): void {
  const asked = searchParams.get('scope')?.split(' ') ?? []
  const unknown = asked.find((scope) => !scopes.includes(scope))
  if (unknown) throw new errors.InvalidScope('Illegal scope', unknown)
}

function policy() {
  const { base, Check } = interactionPolicy
  const prompts = base()
  prompts
    .get('consent')
    ?.checks.add(
      new Check(
        'show_dialog',
        'the app wants the page to be shown',
        'consent_required',
        ({ oidc }) => oidc.params?.show_dialog === 'true' && !oidc.result?.consent,
      ),
    )
  return prompts
}

/** Spotify redirects with code, error and state alone, and does not repeat a refresh token that stays. */
function answerAsSpotify(rotation: () => Rotation) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    await next()
    const { location } = ctx.response.headers
    if (location?.includes('iss=')) {
      const url = new URL(location)
      for (const name of ['iss', 'error_description', 'scope']) url.searchParams.delete(name)
      ctx.redirect(url.href)
    }
    if (ctx.oidc?.params?.grant_type === 'refresh_token' && rotation() === 'none') {
      delete (ctx.body as { refresh_token?: string }).refresh_token
    }
  }
}

/** Tokens as a login would have made them, without a browser. */
export async function issueTokens(
  provider: ProviderType,
  { scope, clientId, expiresIn }: { scope: string; clientId: string; expiresIn: number },
): Promise<{ access_token: string; refresh_token: string; scope: string }> {
  const client = await provider.Client.find(clientId)
  if (!client) throw new Error(`No app is registered as ${clientId}`)
  const accountId = listener.id
  const grant = new provider.Grant({ accountId, clientId })
  grant.addOIDCScope(scope)
  const properties = { accountId, client, grantId: await grant.save(), gty: 'authorization_code', scope }
  const accessToken = new provider.AccessToken(properties)
  // Set here and not as `expiresIn`, which takes a zero for "not given".
  accessToken.exp = Math.floor(Date.now() / 1000) + expiresIn
  return {
    access_token: await accessToken.save(),
    refresh_token: await new provider.RefreshToken(properties).save(),
    scope,
  }
}
