import type { Command, CommandGroup } from '../command-line/command.ts'
import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { readRedirectUri } from '../login/redirect-uri.ts'
import { readScopes } from '../oauth/scopes.ts'
import {
  changeSettings,
  checkHelper,
  readSettings,
  type SettingName,
  settingNames,
} from '../settings/config-file.ts'

const nameArgument = { '<name>': { describe: settingNames.join(', '), choices: settingNames } }

const get: Command<{ json?: boolean }> = {
  name: 'get',
  summary: 'print a setting',
  arguments: nameArgument,
  flags: {},
  examples: [['spotify-auth config get client_id', 'the client id']],
  async run(context, { json }, name = '') {
    const value = (await readSettings(context))[checkName(name)]
    if (value === undefined) {
      throw new SpotifyAuthError('config', `${name} is not set.`, {
        hint: `Set it: spotify-auth config set ${name} VALUE`,
      })
    }
    context.stdout.write(`${json ? JSON.stringify({ [name]: value }) : value}\n`)
  },
}

const set: Command = {
  name: 'set',
  summary: 'change a setting',
  arguments: { ...nameArgument, '<value>': { describe: 'its new value', choices: null } },
  flags: {},
  examples: [['spotify-auth config set redirect_uri http://127.0.0.1:3001/callback', 'for every login']],
  async run(context: Context, _: unknown, name = '', value = '') {
    await changeSettings(context, { [checkName(name)]: checkValue(context, checkName(name), value) })
  },
}

const unset: Command = {
  name: 'unset',
  summary: 'remove a setting',
  arguments: nameArgument,
  flags: {},
  examples: [['spotify-auth config unset scope', 'back to the default']],
  async run(context: Context, _: unknown, name = '') {
    await changeSettings(context, { [checkName(name)]: undefined })
  },
}

const list: Command<{ json?: boolean }> = {
  name: 'list',
  summary: 'print all settings of the profile',
  flags: {},
  examples: [['spotify-auth config list --json', 'as JSON']],
  async run(context, { json }) {
    const settings = await readSettings(context)
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
    context.stdout.write(json ? `${JSON.stringify(settings)}\n` : lines.join(''))
  },
}

export const configCommand: CommandGroup = {
  name: 'config',
  summary: 'read and change settings',
  commands: [get, set, unset, list],
}

function checkName(name: string): SettingName {
  const known = settingNames.find((each) => each === name)
  if (known) return known
  throw new SpotifyAuthError('usage', 'There is no such setting.', {
    hint: `Settings are ${settingNames.join(', ')}.`,
  })
}

function checkValue(context: Pick<Context, 'accountsUrl'>, name: SettingName, value: string): string {
  if (name === 'redirect_uri') readRedirectUri(context, value)
  if (name === 'credential_helper') return checkHelper(value)
  return name === 'scope' ? readScopes([value]).join(' ') : value
}
