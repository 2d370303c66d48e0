import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { endingSignals, Interrupted } from '../src/errors.ts'
import { type Figures, formatFigures, hasFailed, type Rotation } from './figures.ts'
import type { ModeOptions } from './mode.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    rotation: { type: 'string' },
    'credential-helper': { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    json: { type: 'boolean', default: false },
  },
})
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new RangeError('--minutes takes a number above 0')
const seed = Number(values.seed)
if (!Number.isInteger(seed)) throw new RangeError('--seed takes a whole number')
const all: Rotation[] = ['none', 'grace', 'strict']
const rotations = all.filter((rotation) => rotation === (values.rotation ?? rotation))
if (rotations.length === 0) throw new RangeError(`--rotation takes ${all.join(', ')}`)

const modeFile = fileURLToPath(new URL('mode-process.ts', import.meta.url))
const children: ChildProcess[] = []
let interrupted: Interrupted | undefined
for (const name of endingSignals) {
  process.on(name, () => {
    interrupted ??= new Interrupted(name)
    for (const child of children) child.kill(name)
  })
}

if (!values.json) console.log(`seed ${seed}`)
const results = await Promise.all(
  rotations.map(async (rotation, index) => {
    const figures = await soakInProcess({
      rotation,
      minutes,
      seed: seed + index,
      hasHelper: values['credential-helper'],
    })
    return { rotation, figures }
  }),
)
console.log(values.json ? JSON.stringify({ seed, modes: results }) : formatFigures(results))
process.exitCode = results.some(({ figures }) => hasFailed(figures)) ? 1 : (interrupted?.exitCode ?? 0)

/** A process a mode: they share no event loop, so that one stand-in's work does not delay another's kills. */
async function soakInProcess(options: ModeOptions): Promise<Figures> {
  const child = fork(modeFile)
  children.push(child)
  const exited = once(child, 'exit')
  child.send(options)
  const [figures] = await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => Promise.reject(new Error(`The soak of ${options.rotation} broke (${code})`))),
  ])
  await exited
  return figures as Figures
}
