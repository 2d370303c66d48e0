import { runInProcess } from './in-process.ts'
import type { Sandbox } from './sandbox.ts'

type Outcome = Awaited<ReturnType<Sandbox['run']>>

/** Runs a command many times at once, by programs of their own and, which is less work, in this process. */
export function runAtOnce(
  sandbox: Sandbox,
  args: string[],
  { programs, here }: { programs: number; here: number },
): Promise<Outcome[]> {
  return Promise.all([
    ...Array.from({ length: programs }, () => sandbox.run(args)),
    ...Array.from({ length: here }, () => runInProcess(sandbox, args)),
  ])
}
