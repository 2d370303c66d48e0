import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import type { Context } from '../context.ts'
import { SpotifyAuthError, systemCode } from '../errors.ts'
import { sanitize } from '../untrusted/sanitize.ts'
import { apiPath } from '../web-api/api-path.ts'
import type { ApiRequest } from '../web-api/client.ts'

/** The flags of `api` that describe its request. */
export interface RequestOptions {
  method?: string
  field?: [name: string, value: string][]
  input?: string
}

export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Makes a request of the flags and the address; throws `usage` for one that cannot be sent, or leads out of the Web API. */
export async function readRequest(
  context: Pick<Context, 'apiUrl' | 'stdin'>,
  options: RequestOptions,
  address: string,
): Promise<ApiRequest> {
  const { field = [], input, method = input === undefined ? 'GET' : 'POST' } = options
  const path = apiPath(context.apiUrl, address)
  if (!path) {
    throw new SpotifyAuthError('usage', 'That is not a path of the Web API.', {
      hint: `Such as /me, or a URL below ${context.apiUrl}.`,
    })
  }
  if (method === 'GET') {
    if (input !== undefined) throw new SpotifyAuthError('usage', 'A GET has no body to send.')
    const query = new URLSearchParams(field).toString()
    return { method, retry: true, path: query ? `${path}${path.includes('?') ? '&' : '?'}${query}` : path }
  }
  if (input !== undefined && field.length > 0) {
    throw new SpotifyAuthError('usage', 'Use --field or --input, not both.')
  }
  if (input !== undefined) return { method, path, body: await readInput(context, input) }
  return { method, path, body: field.length > 0 ? bodyOf(field) : undefined }
}

export function readMethod(text: string): string {
  const method = text.toUpperCase()
  if (methods.includes(method)) return method
  throw new SpotifyAuthError('usage', `--method takes ${methods.join(', ')}.`)
}

export function readField(text: string): [string, string] {
  const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name) return [name, value]
  throw new SpotifyAuthError('usage', '--field takes KEY=VALUE.')
}

/** The fields as a JSON object. A value that is JSON itself stays as it was typed, because parsing it would round large numbers. */
function bodyOf(fields: [name: string, value: string][]): string {
  const members = [...new Map(fields)].map(
    ([name, value]) => `${JSON.stringify(name)}:${isJson(value) ? value : JSON.stringify(value)}`,
  )
  return `{${members.join(',')}}`
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

async function readInput({ stdin }: Pick<Context, 'stdin'>, file: string): Promise<string> {
  if (file === '-') return (await buffer(stdin)).toString()
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new SpotifyAuthError('usage', `${sanitize(file)} cannot be read (${systemCode(error)}).`)
  }
}
