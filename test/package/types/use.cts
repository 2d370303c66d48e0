// What a CommonJS program may write, and what is not let through. Nothing here runs.
import library = require('spotify-auth-cli')

import { openSession, type Session, SpotifyAuthError } from 'spotify-auth-cli'

export async function right(session: Session, store: Map<string, library.Credential>): Promise<string> {
  await openSession()
  await openSession({ profile: 'work', onRefresh: ({ expiresAt }) => expiresAt.getTime() })
  await openSession({
    store: {
      load: () => store.get('ada'),
      async save(credential) {
        store.set('ada', credential)
      },
      lock: (work) => work(),
    },
    onEnd: ({ code, hint }) => [code, hint?.length],
  })
  const { url, ...pending } = await library.beginLogin({
    clientId: '',
    redirectUri: '',
    scopes: library.readScopes(['+player'], session.scopes),
  })
  await library.completeLogin({ url, ...pending }, '/callback?code=', { clientSecret: '' })
  const { status, body } = await library.callApi(session, { path: '/me', retry: true })
  const playback = await library.getCurrentlyPlaying(session)
  return `${status} ${body} ${playback?.artists.join(', ')} ${new SpotifyAuthError('usage', '').exitCode}`
}

export async function wrong(session: Session, pending: library.PendingLogin): Promise<void> {
  // @ts-expect-error: a profile has a name
  await openSession({ profile: 1 })
  // @ts-expect-error: no such option
  await openSession({ profil: 'work' })
  // @ts-expect-error: a store saves
  await openSession({ store: { load: () => undefined } })
  // @ts-expect-error: a store loads a whole login
  await openSession({ store: { load: () => ({ refreshToken: '' }), save() {} } })
  // @ts-expect-error: the session says what it knows
  session.scopes = []
  // @ts-expect-error: nor are its scopes for others to change
  session.scopes.push('streaming')
  // @ts-expect-error: a request has a path
  await library.callApi(session, { method: 'GET' })
  // @ts-expect-error: a body is JSON already
  await library.callApi(session, { path: '/me', body: {} })
  // @ts-expect-error: nothing may be playing
  await library.getCurrentlyPlaying(session).then(({ title }) => title)
  // @ts-expect-error: a login says where it comes back to
  await library.beginLogin({ clientId: '', scopes: [] })
  // @ts-expect-error: scopes are a list
  await library.beginLogin({ clientId: '', redirectUri: '', scopes: 'streaming' })
  // @ts-expect-error: the URL says which code
  await library.completeLogin(pending)
  // @ts-expect-error: no such code
  new SpotifyAuthError('lost', '')
  // @ts-expect-error: the rest of the house is no part of the package
  await import('spotify-auth-cli/dist/spotify-auth.cjs')
}
