import { type FSWatcher, statSync, watch as watchFiles } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Sleeps until there may be something new. */
export interface Alarm {
  /** Ends the sleep, or the next one. */
  ring(): void
  /** Sleeps for `ms` milliseconds, or until somebody rings, or until one of the files may have changed. */
  sleep(ms: number): Promise<void>
}

/** The longest sleep where the system does not tell of changes. */
const untoldMs = 500

/** How long to wait for what rings at the same time: an answer, and the file that it was just written to. */
const burstMs = 1

/** Rings when one of the files may have changed, also after their directories were replaced. */
export function openAlarm(files: string[]): Alarm {
  let isRinging = false
  let wake: (() => void) | undefined
  const ring = () => {
    if (wake) wake()
    else isRinging = true
  }
  const directories = [...new Set(files.map((file) => dirname(file)))]
  const watches = directories.map((directory) => {
    const names = files.filter((file) => dirname(file) === directory).map((file) => basename(file))
    return watchNames(directory, names, ring)
  })
  return {
    ring,
    async sleep(ms) {
      const isTold = watches.map((isWatched) => isWatched()).every(Boolean)
      const restMs = Math.ceil(isTold ? ms : Math.min(ms, untoldMs))
      await new Promise<void>((resolve) => {
        let isRung = isRinging
        let timer = setTimeout(end, isRung ? burstMs : restMs)
        isRinging = false
        wake = rung

        function rung(): void {
          if (isRung) return
          isRung = true
          clearTimeout(timer)
          timer = setTimeout(end, burstMs)
        }

        function end(): void {
          if (wake === rung) wake = undefined
          resolve()
        }
      })
    },
  }
}

/** Returns a function that makes sure that a directory is watched, and returns whether it has been all along. */
function watchNames(directory: string, names: string[], ring: () => void): () => boolean {
  const itsOwn = basename(directory)
  let watcher: FSWatcher | undefined
  let watched: number | undefined
  const tell = (changed: string | null) => {
    // Its own name is told when the directory itself is moved or removed.
    if (changed === itsOwn) watched = undefined
    if (names.includes(changed ?? '') || watched === undefined) ring()
  }
  return () => {
    try {
      const there = statSync(directory).ino
      if (there === watched) return true
      watcher?.close()
      watcher = watchFiles(directory, { persistent: false }, (_, changed) => tell(changed))
      watcher.on('error', () => tell(itsOwn))
      watched = there
    } catch {
      watched = undefined
    }
    // What has happened until now was told to nobody.
    return false
  }
}
