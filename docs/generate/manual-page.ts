import type { Entry } from './entries.ts'

interface Page {
  version: string
  entries: Entry[]
  everywhere: Entry['flags']
  exitCodes: [code: string, meaning: string][]
  variables: [names: string, meaning: string][]
}

/** `man spotify-auth`, in the macros of man(7). */
export function manualPage({ version, entries, everywhere, exitCodes, variables }: Page): string {
  return `${[
    `.TH SPOTIFY-AUTH 1 "" "spotify-auth ${version}" "User Commands"`,
    '.SH NAME',
    `spotify-auth ${minus('-')} your own Spotify login in the terminal`,
    '.SH SYNOPSIS',
    '.B spotify-auth',
    text('COMMAND [flags] [arguments]'),
    '.SH DESCRIPTION',
    text(
      'Log in once in the browser; from then on scripts and status bars get a valid token, or what is playing, without a question. Start with:',
    ),
    ...example('spotify-auth login'),
    '.SH COMMANDS',
    ...entries.flatMap((entry) => [
      `.SS ${text(entry.usage)}`,
      ...entry.text.flatMap((paragraph) => ['.PP', text(paragraph)]),
      ...list([...entry.arguments, ...entry.flags]),
      ...entry.examples.flatMap(([line, purpose]) => [
        '.PP',
        text(`${purpose[0]?.toUpperCase()}${purpose.slice(1)}:`),
        ...example(line),
      ]),
    ]),
    '.SH FLAGS OF EVERY COMMAND',
    ...list(everywhere),
    '.SH EXIT STATUS',
    ...list(exitCodes),
    '.SH ENVIRONMENT',
    ...list(variables),
    '.SH FILES',
    ...list([
      ['~/.spotify-auth/credentials/PROFILE.json', 'The login, readable for you alone.'],
      ['~/.spotify-auth/config.json', 'What config has set.'],
    ]),
  ].join('\n')}\n`
}

function list(items: [string, string][]): string[] {
  return items.flatMap(([words, describe]) => ['.TP', `.B ${text(words)}`, text(describe)])
}

function example(line: string): string[] {
  return ['.PP', '.RS 4', '.nf', text(line), '.fi', '.RE']
}

/** A line as it is: no request of troff's, no character that it changes. */
function text(line: string): string {
  const escaped = minus(line.replaceAll('\\', '\\e')).replace(/["'`^~]/g, (mark) => marks[mark] ?? mark)
  return escaped.replace(/^(?=[.'])/, '\\&')
}

const marks: Record<string, string> = { '"': '\\(dq', "'": '\\(aq', '`': '\\(ga', '^': '\\(ha', '~': '\\(ti' }

/** troff makes a hyphen of each minus, which nobody can copy into a shell. */
function minus(line: string): string {
  return line.replaceAll('-', '\\-')
}
