import { isHelper } from '../settings/environment.ts'
import { type Credential, type Ending, endings, type User } from './credential.ts'

/** The version of the file's format. */
export const version = 1

/**
 * Reads the text of `serializeCredential` field by field.
 * Throws a TypeError that names the first field that is wrong, or a SyntaxError for what is not JSON.
 */
export function parseCredential(text: string): Credential {
  const fields = asObject(JSON.parse(text), 'it')
  if (fields.version !== version) throw new TypeError('another version of it wrote the file')
  const credential: Credential = {
    clientId: stringField(fields, 'client_id'),
    accessToken: fields.ended === undefined ? stringField(fields, 'access_token') : '',
    expiresAtMs: secondsField(fields, 'expires_at') * 1000,
    refreshToken: stringField(fields, 'refresh_token'),
    scopes: splitScope(fields.scope),
    authorizedAtMs: secondsField(fields, 'authorized_at') * 1000,
  }
  if (fields.client_secret !== undefined) credential.clientSecret = stringField(fields, 'client_secret')
  if (fields.login_id !== undefined) credential.loginId = stringField(fields, 'login_id')
  if (fields.user !== undefined) credential.user = readUser(fields.user)
  if (fields.credential_helper !== undefined) credential.credentialHelper = readHelper(fields)
  if (fields.ended !== undefined) credential.ended = readEnding(fields.ended)
  return credential
}

type Fields = Record<string, unknown>

function asObject(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new TypeError(`${name} is not an object`)
}

function stringField(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string' && value !== '') return value
  throw new TypeError(`its ${name} is not a text`)
}

function secondsField(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new TypeError(`its ${name} is not a number`)
}

function splitScope(value: unknown): string[] {
  if (typeof value !== 'string') throw new TypeError('its scope is not a text')
  return value.split(' ').filter(Boolean)
}

function readUser(value: unknown): User {
  const fields = asObject(value, 'its user')
  const displayName = fields.display_name
  return { id: stringField(fields, 'id'), displayName: typeof displayName === 'string' ? displayName : null }
}

function readHelper(fields: Fields): string {
  const helper = stringField(fields, 'credential_helper')
  if (isHelper(helper)) return helper
  throw new TypeError('its credential_helper is not the name of one')
}

function readEnding(value: unknown): Ending {
  const ending = endings.find((each) => each === value)
  if (ending) return ending
  throw new TypeError('its ended is not a known reason')
}
