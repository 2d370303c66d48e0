import { execFileSync } from 'node:child_process'
import { programFile } from './sandbox.ts'

/** The names of the built program's commands, or of those below one of them, in the order of its own table. */
export function commandNames(above = ''): string[] {
  const line = ['spotify-auth', above, ''].filter((word, at) => word || at === 2).join(' ')
  const answer = execFileSync(process.execPath, [programFile, '__complete', 'fish', line], {
    encoding: 'utf8',
    env: {},
  })
  return answer.match(/^[^\t\n]+(?=\t)/gm) ?? []
}
