import type { Command } from '../command-line/command.ts'
import type { Context } from '../context.ts'
import { SpotifyAuthError } from '../errors.ts'
import { shells } from './shells.ts'

const names = Object.keys(shells)

export const completionCommand: Command = {
  name: 'completion',
  summary: 'print the completion script of a shell',
  details: 'With it, the Tab key completes commands, flags, profiles, scopes and settings.',
  arguments: { '<shell>': { describe: names.join(', '), choices: names } },
  flags: {},
  examples: [
    ['eval "$(spotify-auth completion bash)"', 'in ~/.bashrc'],
    ['eval "$(spotify-auth completion zsh)"', 'in ~/.zshrc'],
    ['spotify-auth completion fish > ~/.config/fish/completions/spotify-auth.fish', 'once'],
  ],
  run: completion,
}

function completion(context: Context, _: unknown, name = ''): void {
  const shell = Object.hasOwn(shells, name) ? shells[name] : undefined
  if (!shell) {
    throw new SpotifyAuthError('usage', `There is no completion for ${JSON.stringify(name)}.`, {
      hint: `Shells are ${names.join(', ')}.`,
    })
  }
  context.stdout.write(shell.script)
}
