/**
 * The path and query of a Web API request, below the API's own; undefined for what leads elsewhere, where the token
 * must not go. `text` is a path, with or without its first slash and `/v1`, or a whole URL of the API.
 */
export function apiPath(apiUrl: string, text: string): string | undefined {
  if (/^\/\/|\\/.test(text)) return undefined
  const base = new URL(`${apiUrl}/`)
  const path = text.startsWith('/') ? text : `/${text}`
  const isWhole = /^[a-z][a-z0-9+.-]*:/i.test(text)
  const address = isWhole ? text : path.startsWith(base.pathname) ? base.origin + path : apiUrl + path
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isBelow = url?.origin === base.origin && url.pathname.startsWith(base.pathname)
  if (!url || !isBelow || url.username || url.password) return undefined
  return url.pathname.slice(base.pathname.length - 1) + url.search
}
