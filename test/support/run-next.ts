import { vi } from 'vitest'
import { runInProcess } from './in-process.ts'
import type { Sandbox } from './sandbox.ts'

/**
 * Runs a later command like `runInProcess`, where it may have to find what is kept outside the home: meanwhile this
 * process has the temporary directory of the sandbox. So never two at once.
 */
export async function runNext(sandbox: Sandbox, args: string[]): ReturnType<typeof runInProcess> {
  vi.stubEnv('TMPDIR', sandbox.env.TMPDIR)
  vi.stubEnv('XDG_RUNTIME_DIR', undefined)
  try {
    return await runInProcess(sandbox, args)
  } finally {
    vi.unstubAllEnvs()
  }
}
