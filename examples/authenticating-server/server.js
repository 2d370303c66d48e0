import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import {
  beginLogin,
  completeLogin,
  getCurrentlyPlaying,
  getCurrentUser,
  openSession,
  SpotifyAuthError,
} from 'spotify-auth-cli'
import { escapeHtml, redirect, sendPage } from './page.js'
import { renderPlaying } from './playing.js'
import { sessionCookie } from './session-cookie.js'
import { createSources } from './sources.js'
import { openStores } from './stores.js'

const { SPOTIFY_CLIENT_ID: clientId, SPOTIFY_CLIENT_SECRET: clientSecret } = process.env
const { PORT, PUBLIC_URL, REDIS_URL, SESSION_SECRET } = process.env
const loginLink = '<p><a href="/login">Log in</a></p>'

const cookie = sessionCookie(SESSION_SECRET || undefined)

/** The tokens are here and nowhere else; a login that has begun belongs to the browser that has begun it. */
const { logins, users, lock } = await openStores(REDIS_URL)

/** The store of each user who has been here. */
const stores = new Map()

const routes = {
  async 'GET /'(request, response) {
    const id = cookie.read(request)
    const credential = id && (await users.get(id))
    if (!credential) return sendPage(response, 200, `<p>Nobody is logged in.</p>${loginLink}`)
    const { html, hasEnded } = await lookUp(id)
    if (hasEnded) return sendPage(response, 200, `<p>Spotify has ended your login.</p>${loginLink}`)
    sendPage(
      response,
      200,
      `<div id="playing">${html}</div>
<form method="post" action="/logout"><p>You are ${escapeHtml(nameOf(credential) ?? 'logged in')}. <button>Log out</button></p></form>
<script src="/live.js"></script>`,
    )
  },

  async 'GET /live.js'(_, response) {
    response.writeHead(200, { 'content-type': 'text/javascript', 'x-content-type-options': 'nosniff' })
    response.end(await readFile(new URL('live.js', import.meta.url)))
  },

  async 'GET /events'(request, response) {
    const id = cookie.read(request)
    // 204 tells the browser not to come again.
    if (!id || !(await users.get(id))) return response.writeHead(204).end()
    sources.add(id, request, response)
  },

  async 'GET /login'(request, response) {
    let browser = cookie.read(request)
    if (browser && (await users.get(browser))) return redirect(response, '/')
    if (!browser) {
      const { id, header } = cookie.create()
      browser = id
      response.setHeader('set-cookie', header)
    }
    const login = await beginLogin({ clientId, redirectUri, scopes: ['user-read-currently-playing'] })
    await logins.set(login.state, { login, browser })
    redirect(response, login.url)
  },

  async 'GET /callback'(request, response) {
    const state = new URL(request.url, redirectUri).searchParams.get('state')
    const { login, browser } = (state && (await logins.get(state))) || {}
    // Somebody else's callback would log this browser in to somebody else's account.
    const isOurs = login && browser === cookie.read(request)
    // Who deletes it has it: of two callbacks at once only one goes on.
    if (!isOurs || !(await logins.delete(state))) {
      return sendPage(response, 400, `<p>This login was not begun here, or is over.</p>${loginLink}`)
    }
    let credential
    try {
      credential = await withUser(await completeLogin(login, request.url, { clientSecret }))
    } catch (error) {
      if (!(error instanceof SpotifyAuthError)) throw error
      return sendPage(response, 400, `<p>${escapeHtml(error.message)}</p>${loginLink}`)
    }
    // An id that nobody has known before the login.
    const { id, header } = cookie.create()
    await users.set(id, credential)
    response.setHeader('set-cookie', header)
    redirect(response, '/')
  },

  // Not a link: another site could send the browser there.
  async 'POST /logout'(request, response) {
    // Nor does a form of another site, which the browser sends without the cookie, take that away.
    const id = cookie.read(request)
    // A renewal that is under way would write the user down again.
    if (id && (await lock(id, () => forget(id)))) response.setHeader('set-cookie', cookie.remove)
    redirect(response, '/')
  },
}

/**
 * Where a user's session finds the credential, whichever instance it is opened on. The same object for each request of
 * a user: what `save` has failed to keep is remembered with it, and saved by the next request.
 */
function storeOf(id) {
  const store = stores.get(id) ?? {
    load: () => users.get(id),
    save: (credential) => users.set(id, credential),
    lock: (work) => lock(id, work),
  }
  stores.set(id, store)
  return store
}

/** What the user hears, as HTML; a login that Spotify has ended is forgotten. */
async function lookUp(id) {
  let hasEnded = false
  const onEnd = () => {
    hasEnded = true
  }
  try {
    const session = await openSession({ store: storeOf(id), onEnd })
    return { html: renderPlaying(await getCurrentlyPlaying(session)), hasEnded }
  } catch (error) {
    if (!(error instanceof SpotifyAuthError)) throw error
    if (hasEnded) await forget(id)
    return { html: `<p>Error in retrieving now playing: ${escapeHtml(error.message)}</p>`, hasEnded }
  }
}

/** The pages that are open, and what they show. */
const sources = createSources(async (id) => {
  const isLoggedIn = (await users.get(id)) !== undefined
  const { html, hasEnded } = isLoggedIn ? await lookUp(id) : { hasEnded: true }
  return hasEnded ? undefined : html
})

/** Forgets a user; says whether there was one. */
function forget(id) {
  sources.end(id)
  stores.delete(id)
  return users.delete(id)
}

/** A new credential with whose it is, unless Spotify does not say. */
async function withUser(credential) {
  const store = {
    load: () => credential,
    save(renewed) {
      credential = renewed
    },
  }
  const user = await getCurrentUser(await openSession({ store })).catch(() => undefined)
  return { ...credential, user }
}

function nameOf({ user }) {
  return user?.displayName ?? user?.id
}

async function answer(request, response) {
  const [path] = request.url.split('?')
  const route = routes[`${request.method} ${path}`]
  if (!route) return sendPage(response, 404, '<p>There is nothing here.</p>')
  try {
    await route(request, response)
  } catch (error) {
    console.error(error)
    sendPage(response, 500, '<p>Something went wrong.</p>')
  }
}

if (!clientId) throw new Error('Set SPOTIFY_CLIENT_ID to the client id of your app.')
let redirectUri
const server = createServer(answer).listen(PORT || 8888, '127.0.0.1', () => {
  const address = `http://127.0.0.1:${server.address().port}`
  redirectUri = `${PUBLIC_URL || address}/callback`
  console.log(address)
})
