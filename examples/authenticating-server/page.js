import { createHash } from 'node:crypto'

const style = `
:root { color-scheme: light dark; --paper: #fafaf8; --ink: #1c1c1a; --soft: #5c5c57; --line: #e2e2dc; --mark: #17743c }
@media (prefers-color-scheme: dark) { :root { --paper: #161615; --ink: #ededea; --soft: #a3a39c; --line: #333330; --mark: #5fcf8b } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 system-ui, sans-serif }
main { box-sizing: border-box; width: min(26rem, 100%); padding: 2rem; text-align: center; text-wrap: balance; overflow-wrap: anywhere }
.cover { display: block; width: 100%; aspect-ratio: 1; margin: 0 0 1.5rem; border-radius: .5rem; background: var(--line); object-fit: cover; color: transparent }
h1, h2 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25 }
h2 + p { color: var(--ink) }
p { margin: 0 0 .25rem; color: var(--soft) }
progress { width: 100%; height: .375rem; margin: 1rem 0 0; appearance: none; border: 0; border-radius: 1rem; overflow: hidden; background: var(--line); accent-color: var(--mark) }
progress::-webkit-progress-bar { background: var(--line) }
progress::-webkit-progress-value { background: var(--mark) }
progress::-moz-progress-bar { background: var(--mark) }
form { margin: 1.5rem 0 0 }
a, button { font: inherit; color: var(--mark); background: none; border: 0; padding: .25rem; cursor: pointer; text-decoration: underline }
`

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text from elsewhere, so that it stays text. */
export function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (character) => entities[character])
}

/** Sends a page that may run `live.js` and nothing else, and load covers and nothing else. */
export function sendPage(response, status, content) {
  const hash = createHash('sha256').update(style).digest('base64')
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; script-src 'self'; connect-src 'self'; img-src https: data:; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  response.end(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>Now playing</title>
<style>${style}</style>
<main>
${content}
</main>
</html>
`)
}

export function redirect(response, location) {
  response.writeHead(303, { location, 'cache-control': 'no-store' }).end()
}
