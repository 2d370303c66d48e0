/** What a browser remembers: the cookies of each origin. */
export type CookieJar = Map<string, Map<string, string>>

/**
 * Plays the browser of a login and returns the callback URL without requesting it.
 * A jar that is given again is the same browser session.
 */
export async function followLogin(
  authorizeUrl: string,
  choice: 'agree' | 'cancel',
  jar: CookieJar = new Map(),
): Promise<string> {
  const { origin } = new URL(authorizeUrl)
  let url = authorizeUrl
  let form: URLSearchParams | undefined
  for (let step = 0; step < 10; step++) {
    const response = await request(jar, url, form)
    const location = response.headers.get('location')
    if (location) {
      url = new URL(location, url).href
      form = undefined
      if (new URL(url).origin !== origin) return url
    } else {
      const page = await response.text()
      if (!page.includes('<form method="post">')) {
        throw new Error(`The login ended on a page (${response.status}): ${textOf(page)}`)
      }
      form = new URLSearchParams({ choice })
    }
  }
  throw new Error('The login goes round in circles')
}

async function request(jar: CookieJar, url: string, form?: URLSearchParams): Promise<Response> {
  const { origin } = new URL(url)
  const cookies = jar.get(origin) ?? new Map<string, string>()
  jar.set(origin, cookies)
  const response = await fetch(url, {
    method: form ? 'POST' : 'GET',
    body: form,
    headers: { accept: 'text/html', cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
    redirect: 'manual',
  })
  for (const cookie of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (name && value) cookies.set(name, value)
    else if (name) cookies.delete(name)
  }
  return response
}

function textOf(page: string): string {
  const [, body = page] = /<body>(.*)<\/body>/s.exec(page) ?? []
  return body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
