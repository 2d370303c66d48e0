import { once } from 'node:events'
import { endingSignals } from '../src/errors.ts'
import { type ModeOptions, soak } from './mode.ts'

// It leaves nothing behind, whether it is stopped or whoever started it is gone.
const stop = new AbortController()
for (const signal of endingSignals) process.on(signal, () => stop.abort())
process.once('disconnect', () => stop.abort())

const [options] = await once(process, 'message')
const figures = await soak(options as ModeOptions, stop.signal)
if (process.connected) process.send?.(figures, () => process.disconnect())
