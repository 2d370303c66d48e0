import { readDotfile } from '../../src/session/dotfile.ts'
import { prepareSave } from '../../src/session/dotfile-save.ts'

// node --import tsx save-in-a-loop.ts HOME COUNT: replaces the credential so many times, as refreshes do.
const [home = '', count = ''] = process.argv.slice(2)
const place = { home, profile: 'default' }
const credential = readDotfile(place, { isTerminal: false, columns: 80, write: () => {} })
if (!credential) throw new Error('there is no credential to replace')
for (let save = 0; save < Number(count); save++) {
  // Of many lengths, so that a torn file would not parse.
  const saving = prepareSave(place)
  saving.keep({ ...credential, accessToken: `${save}-`.repeat(1 + (save % 80)) })
  saving.replace()
}
process.stdout.write(`${count} saves`)
