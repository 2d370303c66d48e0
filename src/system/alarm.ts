import { type FSWatcher, statSync, watch as watchFiles } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Sleeps until there may be something new. */
export interface Alarm {
  /** Ends the sleep, or the next one. */
  ring(): void
  /** Sleeps for so long, or until somebody rings, or until one of the files may have changed. */
  sleep(ms: number): Promise<void>
}

/** The longest sleep where the system does not tell of changes. */
const untoldMs = 500

/** Rings when one of the files may have changed, also after their directories were replaced. */
export function openAlarm(files: string[]): Alarm {
  let isRinging = false
  let wake: (() => void) | undefined
  const ring = () => {
    if (wake) wake()
    else isRinging = true
  }
  const watches = files.map((file) => watchFile(file, ring))
  return {
    ring,
    async sleep(ms) {
      const isTold = watches.map((isWatched) => isWatched()).every(Boolean)
      if (isRinging) {
        isRinging = false
        return
      }
      await new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer)
          if (wake === end) wake = undefined
          resolve()
        }
        const timer = setTimeout(end, isTold ? ms : Math.min(ms, untoldMs))
        wake = end
      })
    },
  }
}

/** Returns a function that makes sure that the file's directory is watched, and returns whether it has been all along. */
function watchFile(file: string, ring: () => void): () => boolean {
  const directory = dirname(file)
  let watcher: FSWatcher | undefined
  let watched: number | undefined
  const tell = (changed: string | null) => {
    // Its own name is told when the directory itself is moved or removed.
    if (changed === basename(directory)) watched = undefined
    if (changed === basename(file) || watched === undefined) ring()
  }
  return () => {
    try {
      const there = statSync(directory).ino
      if (there === watched) return true
      watcher?.close()
      watcher = watchFiles(directory, { persistent: false }, (_, changed) => tell(changed))
      watcher.on('error', () => tell(basename(directory)))
      watched = there
    } catch {
      watched = undefined
    }
    // What has happened until now was told to nobody.
    return false
  }
}
