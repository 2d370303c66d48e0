const style = `
  :root { color-scheme: light dark; --ink: #1c2320; --soft: #5b655f; --paper: #f4f6f4; --card: #fff;
    --line: #d5dbd7; --accent: #14713f; --on-accent: #fff }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e8edea; --soft: #a3aea8; --paper: #121614; --card: #1b201d; --line: #343c38;
      --accent: #5fd492; --on-accent: #0c1f14 }
  }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
    box-sizing: border-box; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
  main { width: 100%; max-width: 26rem; box-sizing: border-box; padding: 2rem; background: var(--card);
    border: 1px solid var(--line); border-radius: 1rem }
  h1 { margin: 0 0 .5rem; font-size: 1.4rem; line-height: 1.25 }
  p { color: var(--soft) }
  ul { padding-left: 1.2rem }
  code { overflow-wrap: anywhere }
  form { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem }
  label { flex: 1 0 100% }
  select { font: inherit }
  button { flex: 1; padding: .7rem 1rem; border: 1px solid var(--line); border-radius: 2rem;
    background: transparent; color: inherit; font: inherit; font-weight: 600; cursor: pointer }
  button[value=agree] { border-color: var(--accent); background: var(--accent); color: var(--on-accent) }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }`

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}
</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
</main>
</body>
</html>
`
}

interface Listener {
  id: string
  display_name: string
}

/** Asks a listener whether the app may do what it wants to; the form posts `choice` and `account`. */
export function consentPage(app: string, listeners: Listener[], scopes: string[]): string {
  const accounts = listeners.map(({ id, display_name }) => `<option value="${id}">${display_name}</option>`)
  const items = scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('\n')
  return page(
    `Let ${app} use your account?`,
    `<p>${escapeHtml(app)} asks for:</p>
<ul>
${items}
</ul>
<form method="post">
<label>Your account: <select name="account">${accounts.join('')}</select></label>
<button name="choice" value="agree">Agree</button>
<button name="choice" value="cancel">Cancel</button>
</form>`,
  )
}

/** Tells the listener about a request that cannot go back to the app. */
export function errorPage(error: string, description = ''): string {
  return page(
    'This login cannot go on',
    `<p><code>${escapeHtml(error)}</code></p>\n<p>${escapeHtml(description)}</p>`,
  )
}
