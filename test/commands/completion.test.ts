import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import type { Command } from '../../src/command-line/command.ts'
import { inBraces } from '../../src/command-line/flags.ts'
import { configCommand } from '../../src/commands/config.ts'
import { loginCommand } from '../../src/commands/login.ts'
import { logoutCommand } from '../../src/commands/logout.ts'
import { tokenCommand } from '../../src/commands/token.ts'
import { complete, printCompletion } from '../../src/completion/candidates.ts'
import { completionCommand } from '../../src/completion/command.ts'
import { shells } from '../../src/completion/shells.ts'
import { readTypedLine } from '../../src/completion/typed-line.ts'
import { type Context, createContext } from '../../src/context.ts'
import { loadCommands } from '../../src/program.ts'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'
import { credentialFileOf } from '../support/profiles.ts'
import { createSandbox, programFile, type Sandbox } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'
import { startTyping, type TypedInto } from '../support/typed-into.ts'

function writeProfiles({ credentialFile }: Sandbox, ...names: string[]): void {
  mkdirSync(path.dirname(credentialFile), { recursive: true })
  for (const name of names) writeFileSync(credentialFileOf({ credentialFile }, name), '{}')
}

/** What `__complete` prints for these words, found in the process of the tests. */
async function answerInProcess({ env }: Pick<Sandbox, 'env'>, ...words: string[]): Promise<string> {
  let printed = ''
  const context = createContext({ env, platform: process.platform } as NodeJS.Process, {})
  const write = (text: string) => {
    printed += text
  }
  const stdout = { isTerminal: false, columns: 80, write }
  printCompletion(await loadCommands(), words, Object.assign(context, { stdout }))
  return printed
}

describe.concurrent('the program', () => {
  const linesOf = (text: string) => text.split('\n').slice(0, -1)

  async function ask(sandbox: Sandbox, shell: string, line: string): Promise<string[]> {
    return linesOf(await answerInProcess(sandbox, shell, `spotify-auth ${line}`))
  }

  async function askProgram(sandbox: Sandbox, shell: string, line: string): Promise<string[]> {
    const { code, stdout, stderr } = await sandbox.run(['__complete', shell, `spotify-auth ${line}`])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return linesOf(stdout)
  }

  const firstCells = (lines: string[]) => lines.map((each) => each.split('\t')[0])

  it('completes a line, as a process', async ({ sandbox }) => {
    writeProfiles(sandbox, 'work', 'default', 'x;reboot', '.hidden')
    const values = ['default', 'work']
    expect(firstCells(await askProgram(sandbox, 'fish', 'token\n--profile '))).toEqual(values)
    expect(firstCells(await ask(sandbox, 'fish', 'token --profile '))).toEqual(values)
    expect(firstCells(await ask(sandbox, 'fish', 'token\n--profile w'))).toEqual(['work'])
  })

  // The other lines are put to the function that finds the answers.
  it.for<[line: string, values: string[]]>([
    ['tok', ['token']],
    ['lo', ['login', 'logout']],
    ['conf', ['config']],
    ['config u', ['unset']],
    ['top ', ['tracks', 'artists']],
    ['top artists --range=', ['--range=short', '--range=medium', '--range=long']],
    ['playlist ', ['add']],
    ['unl', ['unlike']],
    ['--v', ['--verbose', '--version']],
    ['login --scope pla', expect.arrayContaining(['player', 'playlist-read-private'])],
    ['__comp', []],
    ['constructor ', []],
  ])('completes %j', async ([line, values], { sandbox }) => {
    expect(firstCells(await ask(sandbox, 'fish', line))).toEqual(values)
  })

  it('offers flags where a command takes no more words', async ({ sandbox }) => {
    expect(await ask(sandbox, 'fish', 'status ')).toContain(
      '--check\task Spotify whether it still accepts the login',
    )
    expect(await ask(sandbox, 'fish', 'status ')).toContain('--help\tprint this help')
  })

  it('offers every command with its summary', async ({ sandbox }) => {
    const names = firstCells(await ask(sandbox, 'fish', '')).sort()
    const help = (await runInProcess(sandbox, ['--help'])).stdout
    const told = [...help.slice(help.indexOf('\nLogin:')).matchAll(/^ {2}([a-z-]+)/gm)].map(
      ([, name]) => name,
    )
    expect(names).toEqual(told.sort())
    expect(help).not.toContain('__complete')
    expect(await ask(sandbox, 'fish', 'tok')).toEqual(['token\tprint a valid access token'])
  })

  it('tells bash what is missing, and zsh whether a space follows', async ({ sandbox }) => {
    expect(await ask(sandbox, 'bash', 'token --he')).toEqual(['ader ', 'lp '])
    expect(await ask(sandbox, 'bash', 'login --scope user-read-email,user-to')).toEqual(['p-read'])
    expect(await ask(sandbox, 'bash', "login --profile 'wo")).toEqual([])
    expect(await ask(sandbox, 'zsh', 'tok')).toEqual(['closed', 'token:print a valid access token'])
    expect(await ask(sandbox, 'zsh', 'login --scope a:b,user-to')).toEqual(['open', 'a\\:b,user-top-read'])
    expect(await ask(sandbox, 'zsh', 'nothing')).toEqual([])
  })

  it('has no answer and no complaint for no words', async ({ sandbox }) => {
    const { code, stderr } = await sandbox.run(['__complete'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it.for([
    ['an unknown shell', ['tcsh', 'spotify-auth ']],
    ['the name of an inherited property', ['toString', 'spotify-auth ']],
    ['no line', ['fish', '']],
  ] as const)('does not fail for %s', async ([, args], { sandbox }) => {
    await expect(answerInProcess(sandbox, ...args)).resolves.toEqual(expect.any(String))
  })

  it('is silent without a home', async ({ sandbox }) => {
    const env = { HOME: '', SPOTIFY_AUTH_HOME: '' }
    expect(await sandbox.run(['__complete', 'bash', 'spotify-auth token --profile '], { env })).toMatchObject(
      {
        code: 0,
        stdout: '',
        stderr: '',
      },
    )
  })

  it('has no script for another shell', async ({ sandbox }) => {
    expect(await runInProcess(sandbox, ['completion', 'tcsh'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Shells are bash, zsh, fish.'),
    })
  })
})

const commands = [loginCommand, logoutCommand, tokenCommand, configCommand, completionCommand]

it.for<[line: string, values: string[]]>([
  ['to', ['token']],
  ['lo', ['login', 'logout']],
  ['conf', ['config']],
  ['config ', ['get', 'set', 'unset', 'list']],
  ['config u', ['unset']],
  ['config get ', ['client_id', 'redirect_uri', 'scope', 'credential_helper']],
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
])('a line can go on after %j', ([line, values], { sandbox }) => {
  writeProfiles(sandbox, 'work', 'default', 'x;reboot', '.hidden')
  const context = createContext({ env: sandbox.env, platform: process.platform } as NodeJS.Process, {})
  const { candidates } = complete(commands, `spotify-auth ${line}`, context)
  expect(candidates.map(({ value }) => value)).toEqual(values)
})

/** A command of which the completion is tested before any command has such flags. */
const painter: Command = {
  name: 'paint',
  summary: 'paint',
  arguments: { '[colours...]': { describe: 'which', choices: ['red', 'blue'] } },
  flags: {
    format: { value: 'TEMPLATE', describe: 'how', choices: inBraces(['title', 'artist', 'artists']) },
    escape: { value: 'HOW', describe: 'for whom', choices: ['none', 'pango'] },
  },
  examples: [['spotify-auth paint', '']],
  run() {},
}

it.for([
  ['spotify-auth token --pro', ['token']],
  ['/opt/bin/spotify-auth token --pro', ['token']],
  ['TERM=dumb sudo spotify-auth token --pro', ['token']],
  ['alias token --pro', ['token']],
  [`spotify-auth 'a b' "c\\"'d" e\\ f '' --pro`, ['a b', `c"'d`, 'e f', '']],
  ['--pro', []],
] as const)('reads the words of %j', ([line, words]) => {
  expect(readTypedLine(line)).toEqual({ words, current: '--pro', quoted: false })
})

describe('a flag', () => {
  const valuesOf = (line: string) =>
    complete([painter], `spotify-auth paint ${line}`, {} as Context).candidates.map(({ value }) => value)

  it.for([
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
  ] as const)('completes its value in %j', ([line, values]) => {
    expect(valuesOf(line)).toEqual(values)
  })
})

/** How each shell starts with the script loaded as docs/scripts.md says, strict about unset variables where it can be. */
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
set -g fish_autosuggestion_enabled 0
spotify-auth completion fish | source`,
    command: "fish --private --no-config --init-command 'source start.fish'",
  },
}

// Typed into a terminal, with tabs and all, because each shell has its own idea of a word, of quotes and of braces.
describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
  const tools = [needs('completes', shell), needs('completes', 'script')] as const
  const { title, skip } = tools.find((tool) => tool.skip) ?? tools[0]
  const complaint = /unbound|not set|not found|no such|unknown|error/i
  let sandbox: Sandbox
  let shellProcess: TypedInto | undefined
  const inDirectory = (name: string) => path.join(path.dirname(sandbox.home), name)
  const program = () => inDirectory('bin/spotify-auth')
  /** What is asked how a line goes on, instead of the program. */
  let answer = answerInProcess
  /** What has been asked last. */
  let line: string | undefined
  let answering: NodeJS.Timeout

  /** Answers what has been asked meanwhile. */
  async function answerQuestion(): Promise<void> {
    if (!existsSync(inDirectory('question'))) return
    const question = readFileSync(inDirectory('question'), 'utf8')
    rmSync(inDirectory('question'))
    const [asker = '', ...lines] = question.split('\n')
    line = lines.join('\n')
    writeFileSync(inDirectory('answer.part'), await answer(sandbox, asker, line))
    renameSync(inDirectory('answer.part'), inDirectory('answer'))
  }

  /** A `spotify-auth` that completes as ours does, and otherwise only writes down its arguments. */
  beforeAll(() => {
    sandbox = createSandbox()
    mkdirSync(inDirectory('bin'))
    writeProfiles(sandbox, 'work')
    const { file, text } = startFiles[shell]
    writeFileSync(inDirectory(file), text)
    writeFileSync(
      program(),
      `#!/bin/sh
if [ "$1" = __complete ] && ! [ -f '${inDirectory('program-is-asked')}' ]; then
  printf '%s\\n%s' "$2" "$3" > '${inDirectory('question.part')}'
  mv '${inDirectory('question.part')}' '${inDirectory('question')}'
  until [ -f '${inDirectory('answer')}' ]; do sleep 0.01; done
  cat '${inDirectory('answer')}'
  exec rm '${inDirectory('answer')}'
fi
case "$1" in __complete|completion) exec '${process.execPath}' '${programFile}' "$@" ;; esac
printf '%s\\n' "$@" > '${inDirectory('args')}'
echo done
`,
      { mode: 0o755 },
    )
    answering = setInterval(() => void answerQuestion(), 10)
  })
  afterAll(async () => {
    clearInterval(answering)
    await shellProcess?.end()
    await sandbox.remove()
  })

  /** Types into a shell that has just asked for a line, and waits; what has been shown since is returned. */
  async function type(keys: string, until: RegExp): Promise<string> {
    shellProcess ??= await startTyping(startFiles[shell].command, tools[1].file, {
      cwd: inDirectory('.'),
      env: {
        ...sandbox.env,
        PATH: `${inDirectory('bin')}:${sandbox.env.PATH}`,
        ZDOTDIR: inDirectory('.'),
        TERM: 'xterm',
        SHELL: '/bin/sh',
      },
    })
    return shellProcess.type(keys, until)
  }

  /** The next test gets a shell that has seen nothing. */
  async function endShell(): Promise<void> {
    await shellProcess?.end()
    shellProcess = undefined
  }
  // Whatever is left of a line that did not work.
  afterEach(({ task }) => (task.result?.state === 'fail' ? endShell() : undefined))

  /** The command has run, and the shell asks for the next line. */
  const isDone = /^done[\s\S]*ready> /m

  const run = async (keys: string) => {
    // zsh leaves the quotes around a word open where the word can go on.
    const quote = shell === 'zsh' && !keys.includes('--profile') ? / (['"])/.exec(keys)?.[1] : undefined
    rmSync(inDirectory('args'), { force: true })
    expect(await type(`${keys}${quote ?? ''}\r`, isDone)).not.toMatch(complaint)
    return readFileSync(inDirectory('args'), 'utf8').split('\n').slice(0, -1)
  }

  it.skipIf(skip)(`${title} what is typed, from what the program prints`, async () => {
    writeFileSync(inDirectory('program-is-asked'), '')
    const typed = await run('spotify-auth token --prof\two\t').finally(() =>
      rmSync(inDirectory('program-is-asked')),
    )
    expect(typed).toEqual(['token', '--profile', 'work'])
  })

  it.skipIf(skip).for<[keys: string, args: string[]]>([
    ['tok\t--hea\t', ['token', '--header']],
    ['conf\tge\tredi\t', ['config', 'get', 'redirect_uri']],
    ['token --profile=wo\t', ['token', '--profile=work']],
    ["token --profile 'wo\t", ['token', '--profile', 'work']],
    ['login --scope +playe\t', ['login', '--scope', '+player']],
    ['login --scope user-read-email,user-to\t', ['login', '--scope', 'user-read-email,user-top-read']],
    ['login --scope user-read-email\\ user-to\t', ['login', '--scope', 'user-read-email user-top-read']],
    ['login --scope "user-read-email user-to\t', ['login', '--scope', 'user-read-email user-top-read']],
  ])(`${title} what is typed in %j`, async ([keys, args]) => {
    expect(await run(`spotify-auth ${keys}`)).toEqual(args)
  })

  it.skipIf(skip)(`${title} nothing by running it`, async () => {
    const mark = inDirectory('mark')
    for (const word of [`"$(touch ${mark})"`, `$(touch ${mark})`]) {
      const keys = `spotify-auth token --min-ttl ${word} --prof\tw\t\x15echo do''ne\r`
      expect(await type(keys, isDone)).toContain('work')
    }
    expect(existsSync(mark)).toBe(false)
  })

  it.skipIf(skip).for<[keys: string, value: string]>([
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
  ])(`${title} the fields of a template in %j`, async ([keys, value]) => {
    // The answer that the program would give if it had this flag.
    const completion = complete([painter], `spotify-auth paint ${keys.replace('\t', '')}`, {} as Context)
    const lines = shells[shell]?.format(completion).map((each) => `${each}\n`)
    answer = async () => lines?.join('') ?? ''
    const typed = await run(`spotify-auth paint ${keys}`).finally(() => {
      answer = answerInProcess
    })
    // zsh may quote in another way what is typed.
    expect(readTypedLine(line ?? '').current).toBe(completion.typed)
    expect(typed.at(-1)).toBe(value)
  })

  it.skipIf(skip)(`${title} nothing, without complaint, when the program is gone`, async () => {
    await type(`echo do''ne\r`, isDone)
    renameSync(program(), `${program()}.gone`)
    const shown = await type(`spotify-auth tok\t\x15echo do''ne\r`, isDone).finally(() =>
      renameSync(`${program()}.gone`, program()),
    )
    expect(shown).not.toMatch(complaint)
  })

  // The last one, because it leaves the line as it is.
  it.skipIf(skip)(`${title} with a list of what is possible`, async () => {
    const shown = await type('spotify-auth login --no-\t\t', /--no-color/)
    if (shell !== 'bash') expect(shown).toContain('print the address only')
  })
})
