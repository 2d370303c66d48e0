import type { Entry } from './entries.ts'

/** `docs/commands.md`: what `--help` says of every command, on one page. */
export function commandsPage(entries: Entry[], everywhere: Entry['flags']): string {
  const sections = entries.map((entry) =>
    [
      `## ${entry.name}`,
      ...entry.text.map(prose),
      `\`\`\`\n${entry.usage}\n\`\`\``,
      table('argument', entry.arguments),
      table('flag', entry.flags),
      `\`\`\`sh\n${entry.examples.map(([line, purpose]) => `# ${purpose}\n${line}`).join('\n')}\n\`\`\``,
    ].filter(Boolean),
  )
  const intro = [
    '# Commands',
    '<!-- Written by `npm run docs` from the table that makes `--help`. -->',
    'Every command has these flags:',
    table('flag', everywhere),
  ]
  return `${[...intro, ...sections.flat()].join('\n\n')}\n`
}

function table(head: string, rows: [string, string][]): string {
  if (rows.length === 0) return ''
  const lines = rows.map(
    ([words, describe]) => `| \`${words.replaceAll('|', '\\|')}\` | ${prose(describe)} |`,
  )
  return [`| ${head} | |`, '| --- | --- |', ...lines].join('\n')
}

/** Text that stays as it is in Markdown. */
function prose(text: string): string {
  return text.replace(/[\\<>*_|`{}[\]]/g, '\\$&')
}
