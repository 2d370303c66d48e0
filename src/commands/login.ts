import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { askForClientId } from '../login/first-run.ts'
import { login as logIn } from '../login/login.ts'
import { defaultRedirectUri, readRedirectUri } from '../login/redirect-uri.ts'
import { defaultScope, readScope } from '../oauth/scopes.ts'
import type { App } from '../oauth/spotify-accounts.ts'
import type { Credential } from '../session/credential.ts'
import { readCredential, saveCredential } from '../session/credential-store.ts'
import { changeSettings, readSettings, type Settings } from '../settings.ts'
import { currentUser } from '../web-api/profile.ts'
import { type Command, jsonFlag, wholeNumber } from './command.ts'
import { describeLogin, describeLoginAsJson } from './status.ts'

interface LoginOptions {
  clientId?: string
  clientSecretStdin?: boolean
  scope?: string[]
  redirectUri?: string
  port?: number
  browser?: boolean
  timeout?: number
  showDialog?: boolean
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
      describe: `what to ask for, repeatable (default: ${defaultScope})`,
      multiple: true,
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
    ...jsonFlag,
  },
  examples: [
    ['spotify-auth login', 'log in; the first run asks for what it needs'],
    ['spotify-auth login --scope user-read-playback-state', 'ask for more'],
    ['spotify-auth login --profile work --port 3001', 'a second login beside the first'],
  ],
  run: login,
}

async function login(context: Context, options: LoginOptions): Promise<void> {
  const settings = await readSettings(context)
  const redirectUri =
    options.redirectUri ?? (context.env.SPOTIFY_REDIRECT_URI || settings.redirect_uri) ?? defaultRedirectUri
  readRedirectUri(redirectUri)
  const app = await findApp(context, options, settings, redirectUri)
  const credential = await logIn(context, {
    app,
    redirectUri,
    port: options.port,
    scope: readScope(options.scope ?? [settings.scope ?? defaultScope]),
    showDialog: options.showDialog,
    withBrowser: options.browser !== false,
    timeoutSeconds: options.timeout ?? 300,
  })
  await rememberFlags(context, options)
  const named = await addUser(context, credential)
  const { stdout } = context
  stdout.write(`${options.json ? describeLoginAsJson(context, named) : describeLogin(named)}\n`)
}

async function findApp(
  context: Context,
  options: LoginOptions,
  settings: Settings,
  redirectUri: string,
): Promise<App> {
  const { env } = context
  const clientSecret = options.clientSecretStdin ? await readSecret(context.stdin) : env.SPOTIFY_CLIENT_SECRET
  const known = options.clientId ?? (env.SPOTIFY_CLIENT_ID || settings.client_id)
  const clientId = known ?? (await askForClientId(context, redirectUri))
  if (!known) await changeSettings(context, { client_id: clientId })
  return { clientId, clientSecret: clientSecret || storedSecret(context, clientId) }
}

async function readSecret(stdin: NodeJS.ReadStream): Promise<string> {
  let text = ''
  for await (const chunk of stdin) text += chunk
  if (text.trim()) return text.trim()
  throw new SpotifyAuthError('usage', 'Standard input holds no client secret.', {
    hint: 'Pipe it in: pass show spotify | spotify-auth login --client-secret-stdin',
  })
}

/** The secret that the last login with this app used: nobody should have to find it twice. */
function storedSecret(context: Context, clientId: string): string | undefined {
  try {
    const stored = readCredential(context)
    return stored?.clientId === clientId ? stored.clientSecret : undefined
  } catch {
    return undefined
  }
}

/** What was said once on the command line holds for the next login, too. */
async function rememberFlags(
  context: Context,
  { clientId, redirectUri, scope }: LoginOptions,
): Promise<void> {
  const said: Settings = {
    ...(clientId && { client_id: clientId }),
    ...(redirectUri && { redirect_uri: redirectUri }),
    ...(scope && { scope: readScope(scope).join(' ') }),
  }
  if (Object.keys(said).length > 0) await changeSettings(context, said)
}

/** Asks Spotify who has logged in; the login stands also where the API refuses to say. */
async function addUser(context: Context, credential: Credential): Promise<Credential> {
  try {
    const named = { ...credential, user: await currentUser(context) }
    saveCredential(context, named)
    return named
  } catch (error) {
    if (!(error instanceof SpotifyAuthError)) throw error
    context.stderr.write(
      `The login is saved, but Spotify would not say whose it is. ${error.message}\n${error.hint ?? ''}\n`,
    )
    return credential
  }
}
