import { createServer } from 'node:http'
import {
  beginLogin,
  completeLogin,
  currentlyPlaying,
  currentUser,
  openSession,
  SpotifyAuthError,
} from 'spotify-auth-cli'
import { escapeHtml, redirect, sendPage } from './page.js'
import { sessionCookie } from './session-cookie.js'

const { SPOTIFY_CLIENT_ID: clientId, SPOTIFY_CLIENT_SECRET: clientSecret, SESSION_SECRET, PORT } = process.env
const loginLifeMs = 10 * 60_000
const loginLink = '<p><a href="/login">Log in</a></p>'

const cookie = sessionCookie(SESSION_SECRET || undefined)

/** Logins that have begun, by their state; each belongs to the browser that has begun it. */
const pending = new Map()

/** Who is logged in, by the id in the browser's cookie. The tokens are here and nowhere else. */
const users = new Map()

const routes = {
  async 'GET /'(request, response) {
    const id = cookie.read(request)
    const user = users.get(id)
    if (!user) return sendPage(response, 200, `<p>Nobody is logged in.</p>${loginLink}`)
    let playing
    try {
      user.name ??= await nameOf(user.session)
      playing = describe(await currentlyPlaying(user.session))
    } catch (error) {
      if (!(error instanceof SpotifyAuthError)) throw error
      playing = `Error in retrieving now playing: ${error.message}`
    }
    // The session has told meanwhile that it is over.
    if (user.hasEnded) {
      users.delete(id)
      return sendPage(response, 200, `<p>Spotify has ended your login.</p>${loginLink}`)
    }
    sendPage(
      response,
      200,
      `<p>You are ${escapeHtml(user.name ?? 'logged in')}.</p>
<p>${escapeHtml(playing)}</p>
<form method="post" action="/logout"><button>Log out</button></form>`,
    )
  },

  async 'GET /login'(request, response) {
    let browser = cookie.read(request)
    if (users.has(browser)) return redirect(response, '/')
    if (!browser) {
      const { id, header } = cookie.create()
      browser = id
      response.setHeader('set-cookie', header)
    }
    const login = await beginLogin({ clientId, redirectUri, scopes: ['user-read-currently-playing'] })
    forgetOldLogins()
    pending.set(login.state, { login, browser, endsAtMs: Date.now() + loginLifeMs })
    redirect(response, login.url)
  },

  async 'GET /callback'(request, response) {
    forgetOldLogins()
    const state = new URL(request.url, redirectUri).searchParams.get('state')
    const { login, browser } = pending.get(state) ?? {}
    // Somebody else's callback would log this browser in to somebody else's account.
    if (!login || browser !== cookie.read(request)) {
      return sendPage(response, 400, `<p>This login was not begun here, or is over.</p>${loginLink}`)
    }
    pending.delete(state)
    let credential
    try {
      credential = await completeLogin(login, request.url, { clientSecret })
    } catch (error) {
      if (!(error instanceof SpotifyAuthError)) throw error
      return sendPage(response, 400, `<p>${escapeHtml(error.message)}</p>${loginLink}`)
    }
    // An id that nobody has known before the login.
    const { id, header } = cookie.create()
    users.set(id, await openUser(credential))
    response.setHeader('set-cookie', header)
    redirect(response, '/')
  },

  // Not a link: another site could send the browser there.
  'POST /logout'(request, response) {
    // Nor does a form of another site, which the browser sends without the cookie, take that away.
    if (users.delete(cookie.read(request))) response.setHeader('set-cookie', cookie.remove)
    redirect(response, '/')
  },
}

/** A user's session; the store is this program's own, here simply its memory. */
async function openUser(credential) {
  const user = { hasEnded: false }
  const store = {
    load: () => credential,
    save(renewed) {
      credential = renewed
    },
  }
  const onEnd = () => {
    user.hasEnded = true
  }
  user.session = await openSession({ store, onEnd })
  return user
}

async function nameOf(session) {
  const user = await currentUser(session)
  return user?.displayName ?? user?.id
}

function describe(playback) {
  if (!playback?.title) return 'Nothing is playing.'
  const { artists, show, title } = playback
  return `${artists.join(', ') || show || 'Unknown'} - ${title}`
}

function forgetOldLogins() {
  for (const [state, { endsAtMs }] of pending) if (endsAtMs <= Date.now()) pending.delete(state)
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
  redirectUri = `${address}/callback`
  console.log(address)
})
