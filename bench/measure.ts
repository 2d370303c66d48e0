import { spawnSync } from 'node:child_process'
import { median } from './median.ts'
import type { Row } from './row.ts'

const warmUpRounds = 3

/** The median wall time of each row in milliseconds, by its name. */
export function measureRows(rows: Row[], rounds: number): Map<string, number> {
  const times = new Map<string, number[]>(rows.map(({ name }) => [name, []]))
  for (let round = -warmUpRounds; round < rounds; round++) {
    // Every row once a round: whatever slows the machine down for a while meets them all.
    for (const row of rows) {
      const ms = measure(row)
      if (round >= 0) times.get(row.name)?.push(ms)
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]))
}

/** Runs the whole process. Throws when it did not do its work: a broken program would look fast. */
function measure({ name, file, args, env, expected }: Row): number {
  // Synchronous, so that nothing else happens in this process meanwhile; the stand-in for Spotify is in another one.
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
