/** A command line that is measured, and what it has to do for its time to count. */
export interface Row {
  name: string
  file: string
  args: string[]
  env: Record<string, string>
  expected: { code: number; stdout: string | RegExp }
  /** The name of the row whose time this one's is divided by; without it, the first row of all. */
  floor?: string
}

/** What is measured, and a line for each row that this machine cannot run. */
export interface Rows {
  rows: Row[]
  leftOut: string[]
}
