import { readFileSync } from 'node:fs'

export interface Connection {
  localPort?: number
  remotePort?: number
}

/**
 * Whether another user of this computer holds the other end of a connection over loopback, or may have: an end that is
 * closed already is nobody's. Linux says whose it is; elsewhere nobody does, and the answer is no. Root is not another
 * user: it can do everything anyway, and forwards ports for others.
 */
export function isOfAnotherUser({ localPort, remotePort }: Connection, sudoUid: string | undefined): boolean {
  const [theirs = '', ours = ''] = [remotePort, localPort].map(
    (port) => `:${port?.toString(16).toUpperCase().padStart(4, '0')}`,
  )
  const mayBe = [String(process.getuid?.()), '0', sudoUid]
  // Whoever resets a connection takes both its rows out of the table, perhaps while it is being read: so it is read twice.
  for (let time = 0; time < 2; time++) {
    const rows = ['tcp', 'tcp6'].flatMap((table) => readTable(`/proc/net/${table}`))
    const find = (from: string, to: string) =>
      rows.find(([, local, remote]) => local?.endsWith(from) && remote?.endsWith(to))
    const [uid = '', , inode] = find(theirs, ours)?.slice(7) ?? []
    if (uid) return inode === '0' || !mayBe.includes(uid)
    if (rows.length > 0 && !find(ours, theirs)) return true
  }
  return false
}

/** The rows of a table of Linux, word by word; none where it cannot be read. */
function readTable(file: string): string[][] {
  try {
    const [, ...lines] = readFileSync(file, 'latin1').trim().split('\n')
    return lines.map((line) => line.trim().split(/\s+/))
  } catch {
    return []
  }
}
