import { existsSync, readFileSync } from 'node:fs'
import { Ajv, type SchemaObject } from 'ajv'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'
import { matchesTemplate } from './stand-in/path-template.ts'

interface Call {
  method: string
  /** With or without the `/v1` of the server. */
  path: string
  query?: URLSearchParams
  /** The JSON text that was sent; an empty one is none. */
  body?: string
}

/** The Web API description as a judge of requests and answers; an empty list means that all is well. */
export interface ApiDescription {
  requestProblems(call: Call): string[]
  answerProblems(call: Call, status: number, body: unknown): string[]
}

interface Ref {
  $ref?: string
}
interface Parameter extends Ref {
  name: string
  in: string
  required?: boolean
  schema: { type?: string }
}
interface Content extends Ref {
  required?: boolean
  content?: Record<string, { schema: SchemaObject }>
}
interface Operation {
  parameters?: Parameter[]
  requestBody?: Content
  responses: Record<string, Content>
}
interface Description {
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
}

const file = new URL('../../../shared/spotify-open-api.yml', import.meta.url)

let loaded: ApiDescription | undefined

/** The description that may lie beside the project, which is read once; undefined where it does not. */
export function loadApiDescription(): ApiDescription | undefined {
  if (existsSync(file)) loaded ??= readApiDescription()
  return loaded
}

function readApiDescription(): ApiDescription {
  // Every schema leads to the same components, which are compiled once for all.
  const text = readFileSync(file, 'utf8').replaceAll('#/components/', 'all#/components/')
  const { paths, components }: Description = parse(text)
  const createAjv = (coerceTypes: boolean) =>
    addFormats(new Ajv({ strict: false, allErrors: true, coerceTypes })).addSchema({ $id: 'all', components })
  const [strict, coercing] = [createAjv(false), createAjv(true)]
  const querySchemas = new WeakMap<Operation, SchemaObject>()

  function problems(schema: SchemaObject, value: unknown, ajv = strict): string[] {
    const validate = ajv.compile(schema)
    validate(value)
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    )
  }

  function resolve<T extends Ref>(value: T): T {
    const [, , section = '', name = ''] = value.$ref?.split('/') ?? []
    return value.$ref ? (components[section]?.[name] as T) : value
  }

  function find({ method, path }: Call): Operation | undefined {
    const wanted = path.replace(/^\/v1/, '')
    const template = paths[wanted] ? wanted : Object.keys(paths).find((each) => matchesTemplate(each, wanted))
    return template ? paths[template]?.[method.toLowerCase()] : undefined
  }

  function queryProblems(operation: Operation, query: URLSearchParams): string[] {
    const parameters = (operation.parameters ?? [])
      .map(resolve)
      .filter((parameter) => parameter.in === 'query')
    const schema = querySchemas.get(operation) ?? {
      type: 'object',
      properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
      required: parameters.filter(({ required }) => required).map(({ name }) => name),
      additionalProperties: false,
    }
    querySchemas.set(operation, schema)
    const lists = new Set(parameters.filter(({ schema }) => schema.type === 'array').map(({ name }) => name))
    const values = [...query].map(([name, value]) => [name, lists.has(name) ? value.split(',') : value])
    return problems(schema, Object.fromEntries(values), coercing)
  }

  function bodyProblems({ requestBody }: Operation, body: string): string[] {
    const { required, content } = requestBody ? resolve(requestBody) : {}
    if (!body) return required ? ['a body is required'] : []
    const schema = content?.['application/json']?.schema
    return schema ? problems(schema, JSON.parse(body)) : ['no JSON body is expected']
  }

  return {
    requestProblems(call) {
      const operation = find(call)
      if (!operation) return [`${call.method} ${call.path} is not described`]
      return [
        ...queryProblems(operation, call.query ?? new URLSearchParams()),
        ...bodyProblems(operation, call.body ?? ''),
      ]
    },
    answerProblems(call, status, body) {
      const response = find(call)?.responses[status]
      if (!response) return [`${call.method} ${call.path} with ${status} is not described`]
      const schema = resolve(response).content?.['application/json']?.schema
      if (schema) return problems(schema, body)
      return body === undefined ? [] : ['no body is expected']
    },
  }
}
