import { readFileSync } from 'node:fs'
import { version } from '../../package.json'
import { commandsPage } from './commands-page.ts'
import { everywhere, readEntries } from './entries.ts'
import { manualPage } from './manual-page.ts'

/** The pages that are written from the table of commands, by their path in the repository. */
export async function generatePages(): Promise<Record<string, string>> {
  const entries = await readEntries()
  return {
    'docs/commands.md': commandsPage(entries, everywhere),
    'man/spotify-auth.1': manualPage({
      version,
      entries,
      everywhere,
      exitCodes: rowsBelow('Exit codes'),
      variables: rowsBelow('Environment'),
    }),
  }
}

/** The rows of the table below that heading on the page for scripts, as plain text. */
function rowsBelow(heading: string): [string, string][] {
  const scripts = readFileSync(new URL('../scripts.md', import.meta.url), 'utf8')
  const section = scripts.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
  return rows.map((line) => {
    const [first = '', second = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim())
    return [plain(first), plain(second)]
  })
}

function plain(cell: string): string {
  return cell.replaceAll('`', '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
}
