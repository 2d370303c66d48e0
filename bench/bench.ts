import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { formatListening, simulateListening } from './listening.ts'
import { measureRows } from './measure.ts'
import { formatResults, resultsOf } from './results.ts'
import { benchRows } from './rows.ts'
import { startSpotify } from './spotify.ts'
import { formatWatch, measureWatch } from './watch.ts'

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
  const results = resultsOf(rows, measureRows(rows, rounds))
  const watch = await measureWatch(values.node, spotify.env)
  if (!watch) leftOut.push('now-playing --watch: left out, no /proc here')
  const node = spawnSync(values.node, ['-p', 'process.version'], { encoding: 'utf8' }).stdout.trim()
  const { platform, arch } = process
  if (values.json) {
    const listening = simulateListening()
    console.log(
      JSON.stringify({ node, platform, arch, rounds, rows: results, watch, listening, left_out: leftOut }),
    )
  } else {
    console.log(`Node ${node}, ${platform} ${arch}, ${rounds} rounds\n`)
    console.log([formatResults(results), ...(watch ? [formatWatch(watch)] : []), ...leftOut].join('\n'))
    console.log(`\nnow-playing --watch, in simulated time\n\n${formatListening(simulateListening())}`)
  }
} finally {
  await spotify.stop()
}
