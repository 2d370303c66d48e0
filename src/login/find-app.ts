import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import type { App } from '../oauth/accounts-server.ts'
import type { Credential } from '../session/credential.ts'
import { recallClientSecret } from '../session/helper-entry.ts'
import { changeSettings, type Settings } from '../settings/config-file.ts'
import { holdSignals } from '../system/signals.ts'
import { askForClientId } from './first-run.ts'

/** Finds the app that a flag, the environment, the settings or, on the first run, the user names. Its secret never comes from a flag. */
export async function findApp(
  context: Pick<Context, 'env' | 'home' | 'profile' | 'stdin' | 'stderr' | 'commandLine'>,
  options: { clientId?: string; clientSecretStdin?: boolean },
  settings: Settings,
  redirectUri: string,
  before: Credential | undefined,
): Promise<App> {
  const { env } = context
  const clientSecret = options.clientSecretStdin ? await readSecret(context.stdin) : env.SPOTIFY_CLIENT_SECRET
  const known = options.clientId ?? (env.SPOTIFY_CLIENT_ID || settings.client_id)
  const clientId = known ?? (await askForClientId(context, redirectUri))
  if (!known) await changeSettings(context, { client_id: clientId })
  // The secret that the last login with this app used: nobody should have to find it twice.
  const knownSecret = before?.clientId === clientId ? before.clientSecret : undefined
  if (clientSecret || !before || !knownSecret) return { clientId, clientSecret: clientSecret || undefined }
  return { clientId, clientSecret: await holdSignals(() => recallClientSecret(context, before)) }
}

async function readSecret(stdin: NodeJS.ReadStream): Promise<string> {
  let text = ''
  // A secret that is typed into a terminal would be shown.
  if (!stdin.isTTY) for await (const chunk of stdin) text += chunk
  if (text.trim()) return text.trim()
  throw new SpotifyAuthError('usage', 'Standard input holds no client secret.', {
    hint: 'Pipe it in: pass show spotify | spotify-auth login --client-secret-stdin',
  })
}
