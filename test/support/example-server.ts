import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createSandbox } from './sandbox.ts'
import type { StandIn } from './stand-in.ts'

const file = fileURLToPath(new URL('../../examples/authenticating-server/server.js', import.meta.url))

/** A clock that stands still until it is told to go on. */
const clock = `
  import { mock } from 'node:test'
  mock.timers.enable({ apis: ['Date'], now: Date.now() })
  process.on('message', (ms) => {
    mock.timers.tick(ms)
    process.send('done')
  })`

export interface ExampleServer {
  address: string
  /** Lets so much time go by, for the server alone. */
  pass(ms: number): Promise<void>
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** Starts the example of an authenticating server on a free port, as a process of its own. */
export async function startExampleServer(
  standIn: Pick<StandIn, 'env'>,
  more: Record<string, string> = {},
): Promise<ExampleServer> {
  const sandbox = createSandbox(standIn)
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--import',
      `data:text/javascript,${encodeURIComponent(clock)}`,
      file,
    ],
    {
      env: { ...sandbox.env, PORT: '0', ...more },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  )
  const ended = once(child, 'exit')
  return {
    address: await firstLine(child),
    async pass(ms) {
      const done = once(child, 'message')
      child.send(ms)
      await done
    },
    async stop(signal) {
      child.kill(signal)
      await ended
      await sandbox.remove()
    },
  }
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new TypeError('its standard output is not a pipe')
  for await (const line of createInterface({ input: stdout })) return line
  throw new Error('the server has not started')
}
