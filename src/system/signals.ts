import { type EndingSignal, endingSignals, type Interrupted } from '../errors.ts'
import { interruptedBy } from '../terminal/hang-up.ts'

/** A signal that is aborted by SIGHUP, SIGINT and SIGTERM, which from then on do not end the process by themselves. */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController()
  const abort = (name: EndingSignal) => controller.abort(interruptedBy(name))
  for (const name of endingSignals) process.on(name, abort)
  return controller.signal
}

/** Finishes the work before a signal takes effect, which is then thrown as `Interrupted`. */
export async function holdSignals<T>(work: () => Promise<T>): Promise<T> {
  let interrupted: Interrupted | undefined
  const note = (name: EndingSignal) => {
    interrupted ??= interruptedBy(name)
  }
  for (const name of endingSignals) process.on(name, note)
  try {
    const result = await work()
    if (interrupted) throw interrupted
    return result
  } catch (error) {
    throw interrupted ?? error
  } finally {
    for (const name of endingSignals) process.off(name, note)
  }
}
