import { saveCredential } from '../../src/session/credential-save.ts'
import { readCredential } from '../../src/session/credential-store.ts'

// node --import tsx save-in-a-loop.ts HOME COUNT: replaces the credential so many times, as refreshes do.
const [home = '', count = ''] = process.argv.slice(2)
const place = { home, profile: 'default', stderr: { isTerminal: false, columns: 80, write: () => {} } }
const credential = readCredential(place)
if (!credential) throw new Error('there is no credential to replace')
for (let save = 0; save < Number(count); save++) {
  // Of many lengths, so that a torn file would not parse.
  saveCredential(place, { ...credential, accessToken: `${save}-`.repeat(1 + (save % 80)) })
}
process.stdout.write(`${count} saves`)
