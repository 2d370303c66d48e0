import { createHash } from 'node:crypto'

const style = `
:root { color-scheme: light dark; --paper: #fafaf8; --ink: #1c1c1a; --soft: #5c5c57; --done: #17743c; --refused: #6b6b65; --failed: #b3261e }
@media (prefers-color-scheme: dark) { :root { --paper: #161615; --ink: #ededea; --soft: #a3a39c; --done: #5fcf8b; --refused: #a3a39c; --failed: #ff8a80 } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 system-ui, sans-serif }
main { max-width: 26rem; padding: 2rem; text-align: center; text-wrap: balance }
svg { width: 4rem; height: 4rem; margin: 0 0 1.25rem; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
.done { color: var(--done) } .refused { color: var(--refused) } .failed { color: var(--failed) }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; line-height: 1.2 }
p { margin: 0; color: var(--soft) }
code { font: .9375em ui-monospace, monospace; color: var(--ink); white-space: nowrap }
`

/** How a login has ended, as a drawing in a circle and, for the browser's tab, as a sign. */
const marks = {
  done: { path: 'M15.5 24.5l6 6 11.5-13', sign: '✓' },
  refused: { path: 'M16 24h16', sign: '–' },
  failed: { path: 'M24 14.5v11.5M24 32.5v.5', sign: '!' },
}

/** Headers of every page: nothing may be loaded, framed, cached or told to another site. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
}

/** A whole static page: nothing of any request goes into it, nothing outside it is loaded. */
export interface ResultPage {
  status: number
  html: string
}

/** Shown only when the login is on disk. */
export const allSet = page(200, 'done', 'All set!', 'You can close this window and go back to the terminal.')

export const denied = page(
  200,
  'refused',
  'Not logged in',
  'You did not agree, so nothing was changed. To try again, run <code>spotify-auth login</code> in the terminal.',
)

export const refused = page(
  502,
  'failed',
  'Login failed',
  'Spotify did not complete the login. The terminal says why, and what to do next.',
)

export const notSaved = page(
  500,
  'failed',
  'Login not saved',
  'Spotify agreed, but the login could not be saved on this computer. The terminal says why, and what to do next.',
)

export const ended = page(
  503,
  'refused',
  'Login ended',
  'It was ended in the terminal. There, <code>spotify-auth status</code> says who is logged in.',
)

export const keptElsewhere = page(
  500,
  'failed',
  'Login not saved yet',
  'Spotify agreed. The login could not be saved in its place and is kept elsewhere on this computer; the terminal says where.',
)

/** The body behind the redirect of the short link. */
export const onward = page(302, 'done', 'On to Spotify', 'Your browser goes there by itself.')

/** The answer to a request that does not belong to the login that is waiting. */
export function notOurs(status: number): ResultPage {
  if (status === 403) {
    return page(
      status,
      'failed',
      'Not from there',
      'A login is answered by a browser of the user who began it, when it goes to the page itself.',
    )
  }
  if (status === 410) {
    return page(
      status,
      'failed',
      'This link was opened twice',
      'It works once. Somebody else on this computer may have opened it, so the login has ended. Start again in the terminal: <code>spotify-auth login</code>',
    )
  }
  return page(
    status,
    'failed',
    'This link has expired',
    'It does not belong to the login that is waiting. Start again in the terminal: <code>spotify-auth login</code>',
  )
}

function page(status: number, mark: keyof typeof marks, title: string, text: string): ResultPage {
  const { path, sign } = marks[mark]
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${sign} ${title} · spotify-auth</title>
<style>${style}</style>
</head>
<body><main><svg class="${mark}" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="22"/><path d="${path}"/></svg><h1>${title}</h1><p>${text}</p></main></body>
</html>
`
  return { status, html }
}
