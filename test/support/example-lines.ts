import { readTypedLine } from '../../src/completion/typed-line.ts'
import { loadCommand } from './in-process.ts'

/** The words of each line among the examples of a command's help; of a pipe, those of its first command. */
export async function exampleLines(name: string): Promise<string[][]> {
  const command = await loadCommand(name)
  const examples =
    'commands' in command ? command.commands.flatMap((each) => each.examples) : command.examples
  return examples
    .map(([line]) => line)
    .filter((line) => line.startsWith('spotify-auth '))
    .map((line) => readTypedLine(`${line.split(' | ')[0]} `).words)
}
