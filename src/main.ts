import { runEveryday } from './commands/everyday.ts'
import { Interrupted, SpotifyAuthError, systemCode } from './errors.ts'
import { openOutput } from './terminal/output.ts'
import { printableJson } from './untrusted/sanitize.ts'

/** Runs the command line of `process` and sets its exit code; the one place that prints an error. */
export async function main(process: NodeJS.Process): Promise<void> {
  const argv = process.argv.slice(2)
  try {
    if (!(await runEveryday(argv, process))) await (await import('./program.ts')).run(argv, process)
  } catch (error) {
    process.exitCode = report(error, argv)
  }
}

function report(error: unknown, argv: string[]): number {
  if (error instanceof Interrupted) return error.exitCode
  // The reader of our output has closed it, as `head -1` does.
  if (systemCode(error) === 'EPIPE') return 0
  const told = error instanceof SpotifyAuthError ? error : unexpected(error, argv.includes('--verbose'))
  openOutput(2).write(`${describeError(told, argv)}\n`)
  return told.exitCode
}

/** What is printed of an error: words, or a JSON object where the command line has `--json`. */
export function describeError({ code, message, hint }: SpotifyAuthError, argv: string[]): string {
  return argv.includes('--json')
    ? printableJson({ error: { code, message, hint } })
    : [message, hint].filter(Boolean).join('\n')
}

function unexpected(error: unknown, verbose: boolean): SpotifyAuthError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return new SpotifyAuthError('unexpected', `Something unexpected went wrong: ${verbose ? stack : message}`, {
    hint: verbose ? undefined : 'Run it again with --verbose to see where.',
    cause: error,
  })
}
