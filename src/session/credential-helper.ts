import { type CommandLine, SpotifyAuthError, systemCode } from '../errors.ts'
import type { Environment, ProfileLocation } from '../settings/environment.ts'
import { type Ended, ProgramFailure, runProgram } from '../system/run-program.ts'
import { heldSignal } from '../system/signals.ts'
import type { Output } from '../terminal/output.ts'
import { parseFields } from '../untrusted/fields.ts'
import { quote } from '../untrusted/quote.ts'
import { outlastCall, whileNoted } from './helper-call.ts'
import { HelperFailure } from './refresh-backoff.ts'

// The protocol of Docker's credential helpers: the program is called with one word, reads the rest from its standard
// input, and says what is wrong on its standard output.

/** What starting a helper touches. */
export interface HelperContext extends ProfileLocation {
  env: Environment
  stderr: Output
  commandLine: CommandLine
}

/** Some secrets of one user, as the protocol has them. */
interface Entry {
  ServerURL: string
  Username: string
  Secret: string
}

/**
 * The secret that the helper keeps under this address; undefined when it has none. `mustEnd` when it is to be finished
 * though a signal has come. Throws `storage`.
 */
export async function getSecret(
  context: HelperContext,
  helper: string,
  address: string,
  mustEnd?: boolean,
): Promise<string | undefined> {
  const ended = await call(context, helper, 'get', address, mustEnd)
  if (saysNotFound(ended)) return undefined
  const { Secret } = parseFields(succeeded(helper, ended))
  // What docker-credential-pass says of an entry that it does not have.
  if (Secret === '') return undefined
  if (typeof Secret === 'string') return Secret
  throw helperError(helper, 'gave an answer that is not of its protocol')
}

/** Gives the helper a secret to keep; `mustEnd` as above. Throws `storage`. */
export async function storeSecret(
  context: HelperContext,
  helper: string,
  entry: Entry,
  mustEnd?: boolean,
): Promise<void> {
  succeeded(helper, await call(context, helper, 'store', JSON.stringify(entry), mustEnd))
}

/** Lets the helper forget what it keeps under this address. Throws `storage` when it still has it. */
export async function eraseSecret(context: HelperContext, helper: string, address: string): Promise<void> {
  const ended = await call(context, helper, 'erase', address)
  // Some fail where there is nothing to erase, and each says so in its own words.
  if ((await getSecret(context, helper, address)) === undefined) return
  succeeded(helper, ended)
  throw helperError(helper, 'has not erased what it was told to erase')
}

/** How long a helper may take. */
const deadlineMs = 10_000
/** On a terminal the user may have to unlock something first. */
const deadlineOnTerminalMs = 60_000

/** How long it may take before the user is told what is waited for. */
const quietMs = 1_000

const maxBytes = 64 * 1024

async function call(
  context: HelperContext,
  helper: string,
  action: 'get' | 'store' | 'erase',
  input: string,
  mustEnd = false,
): Promise<Ended> {
  const { env, home, stderr } = context
  const patienceMs = stderr.isTerminal ? deadlineOnTerminalMs : deadlineMs
  const signal = mustEnd ? undefined : heldSignal()
  const tell = () =>
    stderr.write(
      `Waiting for ${programOf(helper)}, which may ask for a passphrase; for ${patienceMs / 1000} seconds at most.\n`,
    )
  const timer = stderr.isTerminal ? setTimeout(tell, quietMs) : undefined
  const run = (onStart?: (pid: number) => Promise<void>) =>
    runProgram(programOf(helper), [action], {
      env,
      // Not where a program of that name may lie in wait, should the PATH name the current directory.
      cwd: home,
      input,
      deadlineMs: patienceMs,
      maxBytes,
      onStart,
      signal,
    })
  try {
    await outlastCall(context, patienceMs, signal)
    return action === 'get' ? await run() : await whileNoted(context, patienceMs, mustEnd, run)
  } catch (error) {
    if (error instanceof ProgramFailure) throw failed(helper, error, patienceMs)
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function programOf(helper: string): string {
  return `docker-credential-${helper}`
}

function saysNotFound({ code, stdout }: Ended): boolean {
  return code !== 0 && stdout.includes('credentials not found in native keychain')
}

function succeeded(helper: string, { code, stdout, stderr }: Ended): string {
  if (code === 0) return stdout
  const said = quote(stdout.trim() || stderr.trim()).replace(/\.$/, '')
  throw helperError(helper, said ? `failed: ${said}` : 'failed without a word')
}

function failed(helper: string, { why, cause }: ProgramFailure, patienceMs: number): SpotifyAuthError {
  switch (why) {
    case 'missing':
      return helperError(
        helper,
        `cannot be started (${systemCode(cause)})`,
        'The login was not changed. Install the helper, or look at its name and at PATH.',
        cause,
      )
    case 'slow':
      return helperError(helper, `did not answer within ${patienceMs / 1000} seconds`)
    case 'talkative':
      return helperError(helper, 'printed too much')
    case 'stopped':
      // That is nothing that the next command would run into.
      return new SpotifyAuthError('storage', `${programOf(helper)} was stopped.`)
  }
}

/** What went wrong with a helper, before anything of the login was changed. */
export function helperError(
  helper: string,
  what: string,
  hint = 'The login was not changed. Unlock the keyring or mend the helper, then try again.',
  cause?: unknown,
): HelperFailure {
  return new HelperFailure('storage', `${programOf(helper)} ${what}.`, { hint, cause })
}
