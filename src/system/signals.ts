import { type EndingSignal, endingSignals } from '../errors.ts'
import { interruptedBy } from '../terminal/hang-up.ts'

/** A signal that is aborted by SIGHUP, SIGINT and SIGTERM, which from then on do not end the process by themselves. */
export function abortOnSignals(): AbortSignal {
  return listen().signal
}

/** Does the work with such a signal; afterwards they end the process again. */
export async function withSignals<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, stop } = listen()
  try {
    return await work(signal)
  } finally {
    stop()
  }
}

function listen() {
  const controller = new AbortController()
  const abort = (name: EndingSignal) => controller.abort(interruptedBy(name))
  for (const name of endingSignals) process.on(name, abort)
  return {
    signal: controller.signal,
    stop() {
      for (const name of endingSignals) process.off(name, abort)
    },
  }
}

// All work that holds signals shares one listener: Node warns of more than ten, and work that begins after a signal has
// to end by it, too.
let holders = 0
let held: AbortController | undefined
const waiting: (() => void)[] = []

function note(name: EndingSignal): void {
  const controller = controllerOfHeld()
  if (!controller.signal.aborted) controller.abort(interruptedBy(name))
}

/** Is aborted when a signal comes that is held: for what need not be finished. */
export function heldSignal(): AbortSignal {
  return controllerOfHeld().signal
}

/** Made when it is first asked for, because few commands hold signals, and Node loads it then. */
function controllerOfHeld(): AbortController {
  held ??= new AbortController()
  return held
}

/** Does something as soon as no work holds signals any more, which is at once where none does. */
export function whenReleased(act: () => void): void {
  if (holders === 0) act()
  else waiting.push(act)
}

/** Finishes the work before a signal takes effect, which is then thrown as `Interrupted`. */
export async function holdSignals<T>(work: () => Promise<T>): Promise<T> {
  if (holders++ === 0) for (const name of endingSignals) process.on(name, note)
  const { signal } = controllerOfHeld()
  try {
    const result = await work()
    // A signal that came during a synchronous write is delivered in the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    signal.throwIfAborted()
    return result
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    if (--holders === 0) {
      for (const name of endingSignals) process.off(name, note)
      held = undefined
      for (const act of waiting.splice(0)) act()
    }
  }
}
