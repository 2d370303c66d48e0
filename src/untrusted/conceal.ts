import { sanitize } from './sanitize.ts'

interface Sent {
  headers?: Record<string, string>
  body?: string
}

interface Received {
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** The fields of a form that nobody else may see (RFC 6749, RFC 7636). */
const secretFields = ['client_secret', 'code', 'code_verifier', 'refresh_token']

/** A response without the secrets of its request, which servers repeat in their errors. */
export function conceal<T extends Received>(response: T, request: Sent): T {
  const secrets = secretsOf(request)
  const hide = (text: string) => {
    const clean = sanitize(text)
    return secrets.some((secret) => clean.includes(secret))
      ? secrets.reduce((left, secret) => left.replaceAll(secret, '…'), clean)
      : text
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? hide(value) : value?.map(hide),
  ])
  return { ...response, headers: Object.fromEntries(headers), body: hideIn(response.body, hide) }
}

/** JSON is looked at as it is read, because it can write every letter in two ways. */
function hideIn(body: string, hide: (text: string) => string): string {
  try {
    const value: unknown = JSON.parse(body)
    const before = JSON.stringify(value)
    const after = JSON.stringify(value, (_, each) => (typeof each === 'string' ? hide(each) : each))
    return hide(after === before ? body : after)
  } catch {
    return hide(body)
  }
}

function secretsOf({ headers, body }: Sent): string[] {
  const [scheme = '', credentials = ''] = (headers?.authorization ?? '').split(' ')
  const form = new URLSearchParams(body)
  const secrets = [credentials, ...secretFields.flatMap((name) => form.getAll(name))]
  // The id and the secret are encoded as in a form before they are joined (RFC 6749, 2.3.1).
  if (scheme === 'Basic')
    secrets.push(...new URLSearchParams(`secret=${atob(credentials).split(':')[1] ?? ''}`).values())
  const inForm = (secret: string) => new URLSearchParams([['', secret]]).toString().slice(1)
  return secrets.filter(Boolean).flatMap((secret) => [secret, encodeURIComponent(secret), inForm(secret)])
}
