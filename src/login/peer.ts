import { readFileSync } from 'node:fs'

export interface Connection {
  localPort?: number
  remotePort?: number
}

/**
 * Whether another user of this computer holds the other end of a connection over loopback. Linux says whose it is;
 * elsewhere nobody does, and the answer is no. Root is not another user: it can do everything anyway, and forwards ports
 * for others.
 */
export function isOfAnotherUser({ localPort, remotePort }: Connection, sudoUid: string | undefined): boolean {
  const ends = [remotePort, localPort].map((port) => `:${port?.toString(16).toUpperCase().padStart(4, '0')}`)
  for (const table of ['tcp', 'tcp6']) {
    for (const line of readTable(`/proc/net/${table}`)) {
      const [, theirs = '', ours = '', , , , , uid = ''] = line.trim().split(/\s+/)
      if (theirs.endsWith(ends[0] ?? '') && ours.endsWith(ends[1] ?? '')) {
        return ![String(process.getuid?.()), '0', sudoUid].includes(uid)
      }
    }
  }
  return false
}

function readTable(file: string): string[] {
  try {
    return readFileSync(file, 'latin1').split('\n')
  } catch {
    return []
  }
}
