import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { measure } from './measure.ts'
import { median } from './median.ts'
import { benchRows } from './rows.ts'
import { startSpotify } from './spotify.ts'
import { formatTable, type Result } from './table.ts'
import { formatWatch, measureWatch } from './watch.ts'

const warmUpRounds = 3

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    node: { type: 'string', default: process.execPath },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1)
  throw new RangeError('--rounds takes a whole number of at least 1')

const spotify = await startSpotify()
try {
  const { rows, leftOut } = benchRows(values.node, spotify)
  const times = new Map<string, number[]>(rows.map(({ name }) => [name, []]))
  for (let round = -warmUpRounds; round < rounds; round++) {
    // Every row once a round: whatever slows the machine down for a while meets them all.
    for (const row of rows) {
      const ms = measure(row)
      if (round >= 0) times.get(row.name)?.push(ms)
    }
  }

  const medians = new Map([...times].map(([name, all]) => [name, median(all)]))
  const results = rows.map(({ name, floor = rows[0]?.name ?? '' }): Result => {
    const median_ms = medians.get(name) ?? Number.NaN
    return { name, median_ms, ratio: median_ms / (medians.get(floor) ?? Number.NaN), floor }
  })
  const watch = await measureWatch(values.node, spotify.env)
  if (!watch) leftOut.push('now-playing --watch: left out, no /proc here')
  const node = spawnSync(values.node, ['-p', 'process.version'], { encoding: 'utf8' }).stdout.trim()
  if (values.json) {
    const { platform, arch } = process
    console.log(JSON.stringify({ node, platform, arch, rounds, rows: results, watch, left_out: leftOut }))
  } else {
    console.log(`Node ${node}, ${process.platform} ${process.arch}, ${rounds} rounds\n`)
    console.log([formatTable(results), ...(watch ? [formatWatch(watch)] : []), ...leftOut].join('\n'))
  }
} finally {
  await spotify.stop()
}
