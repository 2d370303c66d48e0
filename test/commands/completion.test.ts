import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Command, inBraces } from '../../src/commands/command.ts'
import { complete } from '../../src/complete.ts'
import { shells } from '../../src/completion/shells.ts'
import { readTypedLine } from '../../src/completion/typed-line.ts'
import type { Context } from '../../src/context.ts'
import { createSandbox, programFile, type Sandbox, waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'

let sandbox: Sandbox
let directory: string
beforeEach(() => {
  sandbox = createSandbox()
  directory = path.dirname(sandbox.home)
})
afterEach(() => sandbox.remove())

function writeProfiles(...names: string[]): void {
  mkdirSync(path.dirname(sandbox.credentialFile), { recursive: true })
  for (const name of names) {
    writeFileSync(path.join(path.dirname(sandbox.credentialFile), `${name}.json`), '{}')
  }
}

describe('the program', () => {
  async function ask(shell: string, line: string): Promise<string[]> {
    const { code, stdout, stderr } = await sandbox.run(['__complete', shell, `spotify-auth ${line}`])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return stdout.split('\n').slice(0, -1)
  }

  const valuesOf = async (line: string) => (await ask('fish', line)).map((each) => each.split('\t')[0])

  it.each<[line: string, values: string[]]>([
    ['to', ['token']],
    ['lo', ['login', 'logout']],
    ['conf', ['config']],
    ['config ', ['get', 'set', 'unset', 'list']],
    ['config u', ['unset']],
    ['config get ', ['client_id', 'redirect_uri', 'scope']],
    ['config set r', ['redirect_uri']],
    ['config unset sc', ['scope']],
    ['config set scope ', []],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['token --h', ['--header', '--help']],
    ['config list --j', ['--json']],
    ['config list --json --j', []],
    ['login --scope player --sc', ['--scope']],
    ['--v', ['--verbose', '--version']],
    ['--profile work tok', ['token']],
    ['token --profile', ['--profile']],
    ['token --profile ', ['default', 'work']],
    ['token --profile w', ['work']],
    ['token --profile=w', ['--profile=work']],
    ["token --profile 'w", ['work']],
    ['--profile d', ['default']],
    ['login --scope pla', expect.arrayContaining(['player', 'playlist-read-private'])],
    ['login --scope +playe', ['+player']],
    ['login --scope user-read-email,now', ['user-read-email,now-playing']],
    ['login --scope=user-read-email,+now', ['--scope=user-read-email,+now-playing']],
    ['login --scope "user-read-email now', ['user-read-email now-playing']],
    ['login --port ', []],
    ['token --min-ttl 5 --h', ['--header', '--help']],
    ['token -- --h', []],
    ['nonsense ', []],
    ['nonsense --n', ['--no-color']],
    ['__comp', []],
    ['token\n--profile w', ['work']],
    ['login --scope "a\nplaye', []],
    ['constructor ', []],
  ])('completes %j', async (line, values) => {
    writeProfiles('work', 'default', 'x;reboot', '.hidden')
    expect(await valuesOf(line)).toEqual(values)
  })

  it('offers flags where a command takes no more words', async () => {
    expect(await ask('fish', 'status ')).toContain('--check\task Spotify whether it still accepts the login')
    expect(await ask('fish', 'status ')).toContain('--help\tprint this help')
  })

  it('offers every command with its summary', async () => {
    const names = (await valuesOf('')).sort()
    const help = (await sandbox.run(['--help'])).stdout
    const told = [...help.slice(help.indexOf('Commands:')).matchAll(/^ {2}([a-z-]+)/gm)].map(
      ([, name]) => name,
    )
    expect(names).toEqual(told.sort())
    expect(help).not.toContain('__complete')
    expect(await ask('fish', 'tok')).toEqual(['token\tprint a valid access token'])
  })

  it('tells bash what is missing, and zsh whether a space follows', async () => {
    expect(await ask('bash', 'token --he')).toEqual(['ader ', 'lp '])
    expect(await ask('bash', 'login --scope user-read-email,user-to')).toEqual(['p-read'])
    expect(await ask('bash', "login --profile 'wo")).toEqual([])
    expect(await ask('zsh', 'tok')).toEqual(['closed', 'token:print a valid access token'])
    expect(await ask('zsh', 'login --scope a:b,user-to')).toEqual(['open', 'a\\:b,user-top-read'])
    expect(await ask('zsh', 'nothing')).toEqual([])
  })

  it.each([
    ['no words', []],
    ['an unknown shell', ['tcsh', 'spotify-auth ']],
    ['no line', ['fish', '']],
    ['the name of an inherited property', ['toString', 'spotify-auth ']],
  ])('has no answer and no complaint for %s', async (title, args) => {
    const { code, stderr } = await sandbox.run(['__complete', ...args])
    expect({ title, code, stderr }).toEqual({ title, code: 0, stderr: '' })
  })

  it('is silent without a home', async () => {
    const env = { HOME: '', SPOTIFY_AUTH_HOME: '' }
    expect(await sandbox.run(['__complete', 'bash', 'spotify-auth token --profile '], { env })).toMatchObject(
      {
        code: 0,
        stdout: '',
        stderr: '',
      },
    )
  })

  it('has no script for another shell', async () => {
    expect(await sandbox.run(['completion', 'tcsh'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Shells are bash, zsh, fish.'),
    })
  })
})

/** A command of which the completion is tested before any command has such flags. */
const painter: Command = {
  name: 'paint',
  summary: 'paint',
  arguments: { '[colours...]': 'which' },
  argumentChoices: { '[colours...]': ['red', 'blue'] },
  flags: {
    format: { value: 'TEMPLATE', describe: 'how', choices: inBraces(['title', 'artist', 'artists']) },
    escape: { value: 'HOW', describe: 'for whom', choices: ['none', 'pango'] },
  },
  examples: [['spotify-auth paint', '']],
  run() {},
}

it.each([
  ['spotify-auth token --pro', ['token']],
  ['/opt/bin/spotify-auth token --pro', ['token']],
  ['TERM=dumb sudo spotify-auth token --pro', ['token']],
  ['alias token --pro', ['token']],
  [`spotify-auth 'a b' "c\\"'d" e\\ f '' --pro`, ['a b', `c"'d`, 'e f', '']],
  ['--pro', []],
])('reads the words of %j', (line, words) => {
  expect(readTypedLine(line)).toEqual({ words, current: '--pro', quoted: false })
})

describe('a flag', () => {
  const valuesOf = (line: string) =>
    complete([painter], `spotify-auth paint ${line}`, {} as Context).candidates.map(({ value }) => value)

  it.each([
    ['--format {ti', ['{title}']],
    ["--format '{artist} - {ti", ['{artist} - {title}']],
    ['--format={a', ['--format={artist}', '--format={artists}']],
    ['--format "', ['{title}', '{artist}', '{artists}']],
    ['--format {{{a', ['{{{artist}', '{{{artists}']],
    ['--format {artist', ['{artist}', '{artists}']],
    ['--format {none', []],
    ['--format ti', []],
    ['--format {{ti', []],
    ['--format ab{ti', ['ab{title}']],
    ['--escape p', ['pango']],
    ['--escape=', ['--escape=none', '--escape=pango']],
    ['red b', ['blue']],
  ])('completes its value in %j', (line, values) => {
    expect(valuesOf(line)).toEqual(values)
  })
})

/** How each shell starts with the script loaded as the README says, strict about unset variables where it can be. */
const startFiles = {
  bash: {
    file: 'bashrc',
    text: `[ -r /usr/share/bash-completion/bash_completion ] && . /usr/share/bash-completion/bash_completion
PS1='ready> '
unset HISTFILE
set -u
eval "$(spotify-auth completion bash)"`,
    command: 'bash --noprofile --rcfile bashrc -i',
  },
  zsh: {
    file: '.zshrc',
    text: `PS1='ready> '
autoload -Uz compinit
compinit -u -D
set -u
eval "$(spotify-auth completion zsh)"`,
    command: 'zsh -d -i',
  },
  fish: {
    file: 'start.fish',
    text: `function fish_prompt; echo 'ready> '; end
function fish_greeting; end
spotify-auth completion fish | source`,
    command: "fish --private --no-config --init-command 'source start.fish'",
  },
}

// Typed into a terminal, with tabs and all, because each shell has its own idea of a word, of quotes and of braces.
describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
  const tools = [needs('completes', shell), needs('completes', 'script')] as const
  const { title, skip } = tools.find((tool) => tool.skip) ?? tools[0]
  const complaint = /unbound|not set|not found|no such|unknown|error/i
  const program = () => path.join(directory, 'bin', 'spotify-auth')
  const env = () => ({
    ...sandbox.env,
    PATH: `${path.join(directory, 'bin')}:${sandbox.env.PATH}`,
    ZDOTDIR: directory,
    TERM: 'xterm',
    SHELL: '/bin/sh',
  })
  const argsFile = () => path.join(directory, 'args')

  /** A `spotify-auth` that completes as ours does, and otherwise only writes down its arguments. */
  beforeEach(() => {
    mkdirSync(path.dirname(program()))
    writeFileSync(
      program(),
      `#!/bin/sh
if [ "$1" = __complete ] && [ -f '${directory}/answer' ]; then
  printf %s "$3" > '${directory}/line'
  exec cat '${directory}/answer'
fi
case "$1" in __complete|completion) exec '${process.execPath}' '${programFile}' "$@" ;; esac
printf '%s\\n' "$@" > '${argsFile()}.part' && mv '${argsFile()}.part' '${argsFile()}'
`,
    )
    chmodSync(program(), 0o755)
    const { file: startFile, text } = startFiles[shell]
    writeFileSync(path.join(directory, startFile), text)
    writeProfiles('work')
  })

  /** Starts the shell in a terminal and types; ends it when it shows or has run what is waited for. */
  async function type(keys: string, until: (shown: string) => boolean, prepare = () => {}): Promise<string> {
    const line = `stty cols 200 rows 50; exec ${startFiles[shell].command}`
    const child = spawn(tools[1].file, ['-qec', line, '/dev/null'], { env: env(), cwd: directory })
    let shown = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      shown += text
    })
    child.stdin.on('error', () => {})
    try {
      await waitFor(() => shown.includes('ready> '))
      prepare()
      const before = shown.length
      child.stdin.write(keys)
      await waitFor(() => until(shown.slice(before)))
      return shown
    } finally {
      const ended = new Promise((resolve) => child.once('close', resolve))
      const timer = setTimeout(() => child.kill('SIGKILL'), 3000)
      child.stdin.write('\x15exit\r')
      await ended
      clearTimeout(timer)
    }
  }

  const run = async (keys: string) => {
    // zsh leaves the quotes around a word open where the word can go on.
    const quote = shell === 'zsh' && !keys.includes('--profile') ? / (['"])/.exec(keys)?.[1] : undefined
    const shown = await type(`${keys}${quote ?? ''}\r`, () => existsSync(argsFile()))
    expect(shown).not.toMatch(complaint)
    return readFileSync(argsFile(), 'utf8').split('\n').slice(0, -1)
  }

  it.skipIf(skip).each<[keys: string, args: string[]]>([
    ['tok\t--hea\t', ['token', '--header']],
    ['conf\tge\tredi\t', ['config', 'get', 'redirect_uri']],
    ['token --prof\two\t', ['token', '--profile', 'work']],
    ['token --profile=wo\t', ['token', '--profile=work']],
    ["token --profile 'wo\t", ['token', '--profile', 'work']],
    ['login --scope +playe\t', ['login', '--scope', '+player']],
    ['login --scope user-read-email,user-to\t', ['login', '--scope', 'user-read-email,user-top-read']],
    ['login --scope user-read-email\\ user-to\t', ['login', '--scope', 'user-read-email user-top-read']],
    ['login --scope "user-read-email user-to\t', ['login', '--scope', 'user-read-email user-top-read']],
  ])(`${title} what is typed in %j`, async (keys, args) => {
    expect(await run(`spotify-auth ${keys}`)).toEqual(args)
  })

  it.skipIf(skip)(`${title} nothing by running it`, async () => {
    const mark = path.join(directory, 'mark')
    for (const word of [`"$(touch ${mark})"`, `$(touch ${mark})`]) {
      const keys = `spotify-auth token --min-ttl ${word} --prof\tw\t\x15echo do''ne\r`
      expect(await type(keys, (shown) => /^done/m.test(shown))).toContain('work')
    }
    expect(existsSync(mark)).toBe(false)
  })

  it.skipIf(skip)(`${title} with a list of what is possible`, async () => {
    const shown = await type('spotify-auth login --no-\t\t', (text) => text.includes('--no-color'))
    if (shell !== 'bash') expect(shown).toContain('print the address only')
  })

  it.skipIf(skip).each<[keys: string, value: string]>([
    ["--format '{ti\t", '{title}'],
    ["--format '{artist} - {ti\t", '{artist} - {title}'],
    ["--format '$5: {ti\t", '$5: {title}'],
    ['--format "{artist}: {ti\t', '{artist}: {title}'],
    ["--format='{ti\t", '--format={title}'],
    // zsh and fish take a brace without quotes for the beginning of an expansion.
    ...(shell === 'bash'
      ? [
          ['--format {ti\t', '{title}'] as [string, string],
          ['--format {artist}\\ -\\ {ti\t', '{artist} - {title}'] as [string, string],
        ]
      : []),
  ])(`${title} the fields of a template in %j`, async (keys, value) => {
    // The answer that the program would give if it had this flag.
    const line = `spotify-auth paint ${keys.replace('\t', '')}`
    const completion = complete([painter], line, {} as Context)
    const answer = shells[shell]?.format(completion).map((each) => `${each}\n`)
    writeFileSync(path.join(directory, 'answer'), answer?.join('') ?? '')
    const typed = await run(`spotify-auth paint ${keys}`)
    // zsh may quote in another way what is typed.
    expect(readTypedLine(readFileSync(path.join(directory, 'line'), 'utf8')).current).toBe(completion.typed)
    expect(typed.at(-1)).toBe(value)
  })

  it.skipIf(skip)(`${title} nothing, without complaint, when the program is gone`, async () => {
    const remove = () => rmSync(program())
    const shown = await type(`spotify-auth tok\t\x15echo do''ne\r`, (text) => /^done/m.test(text), remove)
    expect(shown).not.toMatch(complaint)
  })
})
