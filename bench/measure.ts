import { spawnSync } from 'node:child_process'

/** A command line that is measured, and what it has to do for its time to count. */
export interface Row {
  name: string
  file: string
  args: string[]
  env: Record<string, string>
  expected: { code: number; stdout: string | RegExp }
  /** The row that the ratio is to; the first one, if it does not say. */
  floor?: string
}

/**
 * Runs the whole process and returns its wall time in milliseconds.
 * Throws when it did not do its work: a broken program would look fast.
 */
export function measure({ name, file, args, env, expected }: Row): number {
  // Synchronous, so that nothing else happens in this process meanwhile; Spotify's stand-in is in one of its own.
  const startedAt = process.hrtime.bigint()
  const { status, stdout, stderr, error } = spawnSync(file, args, { env, encoding: 'utf8' })
  const ms = Number(process.hrtime.bigint() - startedAt) / 1e6
  if (error) throw error
  const isExpected =
    typeof expected.stdout === 'string' ? stdout === expected.stdout : expected.stdout.test(stdout)
  if (status !== expected.code || !isExpected) {
    throw new Error(`"${name}" exited with ${status} and said ${JSON.stringify({ stdout, stderr })}`)
  }
  return ms
}
