import { chmodSync, mkdirSync } from 'node:fs'

/** Makes directories where they are missing, outermost first, for their owner alone whatever the umask. */
export function makePrivateDirectories(...directories: string[]): void {
  for (const directory of directories) {
    if (mkdirSync(directory, { recursive: true, mode: 0o700 })) chmodSync(directory, 0o700)
  }
}
