import { isatty } from 'node:tty'
import type { Command } from '../command-line/command.ts'
import { inList, wholeNumber } from '../command-line/flags.ts'
import type { Context } from '../context.ts'
import { Interrupted, SpotifyAuthError } from '../errors.ts'
import { findApp } from '../login/find-app.ts'
import { nameLogin, performLogin, stoppable } from '../login/perform-login.ts'
import { defaultRedirectUri, readRedirectUri } from '../login/redirect-uri.ts'
import { forgetPlayback } from '../now-playing/playback-cache-changes.ts'
import { defaultScope, readScopes, scopeWords } from '../oauth/scopes.ts'
import type { Credential } from '../session/credential.ts'
import { dotfileStorage } from '../session/dotfile-storage.ts'
import { changeSettings, checkHelper, readSettings, type Settings } from '../settings/config-file.ts'
import type { ProfileLocation } from '../settings/environment.ts'
import { letGoOfTerminal } from '../terminal/hang-up.ts'
import { getUserOf } from '../web-api/profile.ts'
import { asWhom, describeLogin, describeLoginAsJson, nameOf } from './describe-login.ts'

interface LoginOptions {
  clientId?: string
  clientSecretStdin?: boolean
  scope?: string[]
  redirectUri?: string
  port?: number
  browser?: boolean
  timeout?: number
  showDialog?: boolean
  credentialHelper?: string
  json?: boolean
}

export const loginCommand: Command<LoginOptions> = {
  name: 'login',
  summary: 'log in with the browser',
  details: 'Listens on the redirect URI, opens the browser at Spotify, and keeps the login that comes back.',
  flags: {
    'client-id': { value: 'ID', describe: "the app's client id (SPOTIFY_CLIENT_ID)" },
    'client-secret-stdin': {
      describe: "read the app's client secret from standard input (SPOTIFY_CLIENT_SECRET)",
    },
    scope: {
      value: 'SCOPE',
      describe: `a scope or a set (now-playing, player, library, history, all), repeatable; +SCOPE adds (default: ${defaultScope})`,
      multiple: true,
      choices: inList(scopeWords),
    },
    'redirect-uri': { value: 'URI', describe: `as registered with the app (default: ${defaultRedirectUri})` },
    port: {
      value: 'N',
      describe: "listen on this port instead of the redirect URI's; 0 is any",
      parse: wholeNumber(0, 65_535),
    },
    'no-browser': { describe: 'print the address only' },
    timeout: {
      value: 'SECONDS',
      describe: 'how long to wait for the browser (default: 300)',
      parse: wholeNumber(1, 86_400),
    },
    'show-dialog': { describe: 'ask for consent again' },
    'credential-helper': {
      value: 'NAME',
      describe: 'keep the refresh token with docker-credential-NAME; none: in the file (default)',
      parse: checkHelper,
      choices: ['none', 'osxkeychain', 'pass', 'secretservice', 'wincred'],
    },
  },
  examples: [
    ['spotify-auth login', 'log in; the first run asks for what it needs'],
    ['spotify-auth login --scope +player', 'may control playback as well'],
    ['spotify-auth login --credential-helper pass', 'keeps the refresh token in pass'],
    ['spotify-auth login --profile work --port 3001', 'a second login beside the first'],
  ],
  run: login,
}

async function login(context: Context, options: LoginOptions): Promise<void> {
  // The terminal may go away without a signal.
  process.once('exit', () => isatty(0) || letGoOfTerminal())
  const { env, stdout, stderr } = context
  const settings = await readSettings(context)
  const before = await storedLogin(context)
  const redirectUri =
    options.redirectUri ?? (env.SPOTIFY_REDIRECT_URI || settings.redirect_uri) ?? defaultRedirectUri
  readRedirectUri(context, redirectUri)
  const scopes = readScopes(options.scope ?? [settings.scope ?? defaultScope], before?.scopes)
  const app = await findApp(context, options, settings, redirectUri, before)
  if (before) stderr.write(`You are logged in${asWhom(before)}; this login replaces that one.\n`)

  const credential = await performLogin(context, {
    app,
    redirectUri,
    port: options.port,
    scopes,
    showDialog: options.showDialog,
    withBrowser: options.browser !== false,
    timeoutSeconds: options.timeout ?? 300,
    credentialHelper: readHelper(options, settings),
  })
  forgetPlayback(context)
  await rememberFlags(context, options, scopes)
  const named = await addUser(context, credential)

  const refused = scopes.filter((each) => !named.scopes.includes(each))
  if (refused.length > 0)
    stderr.write(`Spotify granted less than was asked for: ${refused.join(', ')} is missing.\n`)
  if (before?.user && named.user && before.user.id !== named.user.id) {
    stderr.write(`This is another account: it was ${nameOf(before.user)} before.\n`)
  }
  stdout.write(`${options.json ? describeLoginAsJson(context, named) : describeLogin(named)}\n`)
}

/** The stored login, if it can be read; a file that is not a login is moved aside when the new login is saved. */
async function storedLogin(
  context: ProfileLocation & Pick<Context, 'stderr'>,
): Promise<Credential | undefined> {
  try {
    return (await dotfileStorage(context, context.stderr).read()) ?? undefined
  } catch (error) {
    if (error instanceof Interrupted) throw error
    return undefined
  }
}

/** The credential helper that is to keep the login; none where the dotfile is to. */
function readHelper(options: LoginOptions, settings: Settings): string | undefined {
  const helper = options.credentialHelper ?? settings.credential_helper
  return helper === undefined || helper === 'none' ? undefined : checkHelper(helper)
}

/** Saves the client id, redirect URI, scopes and credential helper of the command line as settings, so that the next login uses them, too. */
async function rememberFlags(context: Context, options: LoginOptions, scopes: string[]): Promise<void> {
  const said: Settings = {
    ...(options.clientId && { client_id: options.clientId }),
    ...(options.redirectUri && { redirect_uri: options.redirectUri }),
    ...(options.credentialHelper && { credential_helper: options.credentialHelper }),
    ...(options.scope && { scope: scopes.join(' ') }),
  }
  if (Object.keys(said).length === 0) return
  try {
    await changeSettings(context, said)
  } catch (error) {
    if (!(error instanceof SpotifyAuthError)) throw error
    context.stderr.write(`The login is saved, but its flags are not. ${error.message}\n`)
  }
}

/** Asks Spotify who has logged in, and saves that. A failure is reported and changes nothing: the login is saved already. */
async function addUser(context: Context, credential: Credential): Promise<Credential> {
  try {
    const user = await getUserOf({ ...context, request: stoppable(context) }, credential)
    return user ? await nameLogin(context, context.stderr, credential, user) : credential
  } catch (error) {
    if (error instanceof Interrupted) return credential
    if (!(error instanceof SpotifyAuthError)) throw error
    context.stderr.write(`The login is saved, but not whose it is. ${error.message}\n${error.hint ?? ''}\n`)
    return credential
  }
}
