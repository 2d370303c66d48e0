import { text } from 'node:stream/consumers'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import { confidentialApp, listener, listeners, publicApp } from '../cast.ts'
import { consentPage } from './pages.ts'

const names = new Map([publicApp, confidentialApp].map(({ clientId, name }) => [clientId, name]))

/** The page at `/consent/:uid` where the listener logs in and agrees in one step. */
export function consent(provider: Provider) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    if (!ctx.path.startsWith('/consent/')) return next()
    const { params } = await provider.interactionDetails(ctx.req, ctx.res)
    const clientId = String(params.client_id)
    const scopes = String(params.scope ?? '').split(' ')

    if (ctx.method === 'GET') {
      ctx.type = 'html'
      ctx.body = consentPage(names.get(clientId) ?? clientId, listeners, scopes)
      return
    }

    const form = new URLSearchParams(await text(ctx.req))
    const accountId = form.get('account') ?? listener.id
    const agrees = form.get('choice') === 'agree'
    const result = agrees ? await agree(provider, accountId, clientId, scopes) : { error: 'access_denied' }
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result))
    ctx.status = 303
  }
}

async function agree(provider: Provider, accountId: string, clientId: string, scopes: string[]) {
  const grant = new provider.Grant({ accountId, clientId })
  grant.addOIDCScope(scopes.join(' '))
  return { login: { accountId }, consent: { grantId: await grant.save() } }
}
