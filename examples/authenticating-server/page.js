const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text from elsewhere, so that it stays text. */
export function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (character) => entities[character])
}

/** Sends a page that may load nothing and run nothing. */
export function sendPage(response, status, content) {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  response.end(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Now playing</title>
<h1>Now playing</h1>
${content}
</html>
`)
}

export function redirect(response, location) {
  response.writeHead(303, { location, 'cache-control': 'no-store' }).end()
}
