import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface Process {
  pid: number
  /** Its program and arguments, as every user of the computer sees them. */
  commandLine: string
  /** Undefined of a process that has ended meanwhile. */
  cwd: string | undefined
}

/** All processes of the computer; Linux only. */
export function listProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({
      pid: Number(pid),
      commandLine:
        orUndefined(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.replaceAll('\0', ' ') ?? '',
      cwd: orUndefined(() => readlinkSync(`/proc/${pid}/cwd`)),
    }))
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
