import type { StandInOptions } from '../test/support/stand-in.ts'

export type Rotation = NonNullable<StandInOptions['rotation']>

const failures = {
  torn: 'torn files',
  stuck: 'stuck locks',
  lost: 'lost logins',
  other: 'other failures',
} as const

const labels = {
  minutes: 'minutes',
  processes: 'processes',
  kills: 'kill -9',
  kills_in_flight: '  of them with a token request sent',
  kills_before_rename: '  of them with the response written, but not in its place',
  stops: 'stopped for a while',
  signals: 'SIGINT, SIGTERM',
  full_disks: 'full disks',
  server_faults: 'server faults',
  refreshes: 'refreshes',
  logins: 'logins',
  helper_failures: 'commands that a credential helper failed',
  kept_in_file: 'new tokens kept in the file',
  lost_to_kill: 'logins lost to a kill between request and rename',
  ...failures,
} as const

/** What must not happen. */
export type Failure = keyof typeof failures

/** What a soak has done and found. Each part of it counts what it sees, and names these figures in its signature. */
export type Figures = Record<keyof typeof labels, number>

export interface ModeResult {
  rotation: Rotation
  figures: Figures
}

export function noFigures(): Figures {
  return Object.fromEntries(Object.keys(labels).map((name) => [name, 0])) as Figures
}

export function hasFailed(figures: Figures): boolean {
  return (Object.keys(failures) as Failure[]).some((failure) => figures[failure] > 0)
}

/** One line a figure, one column a rotation mode. */
export function formatFigures(results: ModeResult[]): string {
  const width = Math.max(...Object.values(labels).map((label) => label.length))
  const line = (label: string, cells: string[]) =>
    [label.padEnd(width), ...cells.map((cell) => cell.padStart(8))].join('  ')
  const names = Object.keys(labels) as (keyof Figures)[]
  return [
    line(
      'rotation',
      results.map(({ rotation }) => rotation),
    ),
    ...names.map((name) =>
      line(
        labels[name],
        results.map(({ figures }) => figures[name].toFixed(name === 'minutes' ? 1 : 0)),
      ),
    ),
  ].join('\n')
}
