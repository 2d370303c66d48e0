import fs from 'node:fs'

/** Makes the directory where it is missing, for its owner alone whatever the umask. */
export function makePrivateDirectory(directory: string): void {
  if (fs.mkdirSync(directory, { recursive: true, mode: 0o700 })) fs.chmodSync(directory, 0o700)
}
