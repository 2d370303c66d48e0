import { type CookieJar, followLogin } from './follow-login.ts'

interface Page {
  status: number
  headers: Headers
  text: string
  location: string | undefined
}

/** A browser without a window: it keeps the cookies of one site, and follows no redirect by itself. */
export interface PlainBrowser {
  cookies: Map<string, string>
  get(path: string): Promise<Page>
  post(path: string): Promise<Page>
  /** Goes to `/login` and agrees at Spotify; returns the callback's address, not yet requested. */
  agree(): Promise<string>
}

export function openBrowser(address: string): PlainBrowser {
  const cookies = new Map<string, string>()
  const jar: CookieJar = new Map()
  const visit = async (method: string, path: string): Promise<Page> => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const response = await fetch(new URL(path, address), { method, headers: { cookie }, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value) cookies.set(name, value)
      else cookies.delete(name)
    }
    const location = response.headers.get('location') ?? undefined
    return { status: response.status, headers: response.headers, text: await response.text(), location }
  }
  const browser: PlainBrowser = {
    cookies,
    get: (path) => visit('GET', path),
    post: (path) => visit('POST', path),
    async agree() {
      const { location = '' } = await browser.get('/login')
      return followLogin(location, 'agree', jar)
    },
  }
  return browser
}
