import { once } from 'node:events'
import net from 'node:net'

/** A way to the stand-in of one worker's own, by which its requests are told from the others'. */
export interface Door {
  /** The Host header of what comes through. */
  host: string
  env: Record<string, string>
  close(): void
}

/** Much longer than the stand-in takes its time with an answer. */
const longestAnswerMs = 2_000

export async function openDoor(standInPort: () => number): Promise<Door> {
  const server = net.createServer((client) => {
    const standIn = net.connect(standInPort(), '127.0.0.1')
    client.pipe(standIn, { end: false })
    standIn.pipe(client)
    // Processes are killed all the time, and the stand-in resets connections on purpose.
    for (const socket of [client, standIn]) socket.on('error', () => {})
    standIn.on('close', () => client.destroy())
    client.on('close', () => {
      // An answer to the dead is still given: what it says has become true.
      standIn.resume()
      setTimeout(() => standIn.destroy(), longestAnswerMs)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as net.AddressInfo).port}`
  return {
    host,
    env: { SPOTIFY_ACCOUNTS_URL: `http://${host}`, SPOTIFY_API_URL: `http://${host}/v1` },
    close: () => void server.close(),
  }
}
