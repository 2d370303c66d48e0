import type { Command } from '../command-line/command.ts'
import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import type { HttpResponse } from '../network/http.ts'
import { fieldsOf, textOf } from '../untrusted/fields.ts'
import { printableJson, sanitize } from '../untrusted/sanitize.ts'
import { apiPath } from '../web-api/api-path.ts'
import { circle } from '../web-api/circle.ts'
import { type ApiRequest, callApi, readJson, requireSuccess, sendRequest } from '../web-api/client.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { methods, type RequestOptions, readField, readMethod, readRequest } from './api-request.ts'

interface ApiOptions extends RequestOptions {
  paginate?: boolean
  include?: boolean
}

export const apiCommand: Command<ApiOptions> = {
  name: 'api',
  summary: 'make one request of the Web API',
  details: `Prints the response as Spotify sent it. A value of --field that is JSON (a number, true, a list) is sent as such, anything else as text. With --paginate each item of all pages is one line of JSON.`,
  arguments: { '<path>': { describe: 'such as /me, or a URL of the Web API', choices: null } },
  flags: {
    method: {
      short: 'X',
      value: 'METHOD',
      describe: `${methods.join(', ')} (default: GET)`,
      choices: methods,
      parse: readMethod,
    },
    field: {
      short: 'f',
      value: 'KEY=VALUE',
      multiple: true,
      describe: 'a parameter of the query for GET, a member of the JSON body otherwise',
      parse: readField,
    },
    input: { value: 'FILE', describe: 'send this JSON; - is standard input' },
    paginate: { describe: 'go through all pages, and print one item a line' },
    include: { describe: 'print status and headers, too' },
    json: { describe: 'print an error as JSON, too' },
  },
  examples: [
    ['spotify-auth api /me | jq -r .display_name', 'who you are'],
    ['spotify-auth api --paginate "/me/tracks?limit=50" | jq -r .track.name', 'every track that you saved'],
    ['spotify-auth api -X PUT /me/player/play -f position_ms=0', 'from the start'],
  ],
  run: api,
}

async function api(context: Context, options: ApiOptions, address = ''): Promise<void> {
  const request = await readRequest(context, options, address)
  if (options.paginate) return paginate(context, options, request)
  const response = await sendRequest(context, request)
  try {
    await requireSuccess(context, response, request)
  } catch (error) {
    // With --include, the status and headers of a failure are printed as well.
    if (options.include) print(context, options, response)
    throw error
  }
  print(context, options, response)
}

function print({ stdout }: Pick<Context, 'stdout'>, { include }: ApiOptions, response: HttpResponse): void {
  if (include) stdout.write(headOf(response))
  const body = stdout.isTerminal ? forPeople(response) : response.body
  if (body) stdout.write(body.endsWith('\n') ? body : `${body}\n`)
}

/** Prints the items of all pages as they arrive, so that only one page is in memory at a time. */
async function paginate(
  context: WebApi & Pick<Context, 'stdout'>,
  { include }: ApiOptions,
  request: ApiRequest,
): Promise<void> {
  if (request.method !== 'GET' || include) {
    throw new SpotifyAuthError('usage', '--paginate goes with a plain GET, without --include.')
  }
  const seen = new Set<string>()
  for (let path = request.path; ; ) {
    seen.add(path)
    const response = await callApi(context, { ...request, path })
    const { items, next } = readPage(readJson(response))
    // Each line is one write, so a signal in the middle of a page leaves whole lines.
    for (const item of items) context.stdout.write(`${printableJson(item)}\n`)
    if (next === null) return
    path = followed(context, next)
    if (seen.has(path)) throw circle(path)
  }
}

/** Reads a page; search and a few other endpoints wrap it in an object of one member. */
function readPage(value: unknown): { items: unknown[]; next: string | null } {
  const body = fieldsOf(value)
  const pages = [body, ...Object.values(body).map(fieldsOf)].filter(({ items }) => Array.isArray(items))
  const [page] = pages
  if (pages.length === 1 && page) return { items: page.items as unknown[], next: textOf(page.next) }
  throw new SpotifyAuthError(
    'usage',
    pages.length === 0 ? 'This response has no pages.' : 'This response has pages of several kinds.',
    { hint: pages.length === 0 ? 'Leave out --paginate.' : 'Ask for one type only.' },
  )
}

function followed({ apiUrl }: Pick<Context, 'apiUrl'>, next: string): string {
  const path = /^https?:/.test(next) ? apiPath(apiUrl, next) : undefined
  if (path) return path
  throw new SpotifyAuthError(
    'api_error',
    'The next page lies outside of the Web API; the token does not go there.',
  )
}

function headOf({ status, headers }: HttpResponse): string {
  const lines = Object.entries(headers).map(([name, value]) => sanitize(`${name}: ${value}`))
  return [`HTTP ${status}`, ...lines, '', ''].join('\n')
}

function forPeople({ body }: HttpResponse): string {
  try {
    return printableJson(JSON.parse(body), 2)
  } catch {
    return sanitize(body)
  }
}
