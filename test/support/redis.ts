import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

export interface RedisServer {
  url: string
  /** Starts it, or again with what it had. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Lets commands wait for so long: all, or those that write. */
  pause(ms: number, which: 'ALL' | 'WRITE'): Promise<void>
  /** Lets so much time go by for all that has an end. */
  pass(ms: number): Promise<void>
  remove(): Promise<void>
}

const passing = `
  for _, key in ipairs(redis.call('KEYS', '*')) do
    local left = redis.call('PTTL', key)
    if left >= 0 then redis.call('PEXPIRE', key, math.max(left - ARGV[1], 1)) end
  end`

/** A Redis of the test's own, on a free port and in a directory of its own. */
export async function createRedis(): Promise<RedisServer> {
  const directory = mkdtempSync(path.join(tmpdir(), 'redis-test-'))
  const port = await freePort()
  let stop = async () => {}
  const tell = async (command: string) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`${command}\r\n`)
    const [answer] = await once(socket, 'data')
    socket.destroy()
    if (`${answer}`.startsWith('-')) throw new Error(`${answer}`)
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const settings = { bind: '127.0.0.1', port, dir: directory, save: '', appendonly: 'yes' }
      const child = spawn(
        'redis-server',
        Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`]),
        { stdio: ['ignore', 'pipe', 'inherit'] },
      )
      const ended = once(child, 'exit')
      stop = async () => {
        child.kill()
        await ended
      }
      const lines = createInterface({ input: child.stdout })
      for await (const line of lines) if (line.includes('Ready to accept connections')) break
      child.stdout.resume()
    },
    stop: () => stop(),
    pause: (ms, which) => tell(`CLIENT PAUSE ${ms} ${which}`),
    pass: (ms) => tell(`EVAL "${passing.replaceAll('\n', ' ')}" 0 ${ms}`),
    async remove() {
      await stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
