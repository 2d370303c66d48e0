import { readTypedLine } from '../../src/completion/typed-line.ts'
import { loadCommands } from '../../src/program.ts'

/** The words of each line among the examples of a command's help; of a pipe, those of its first command. */
export async function exampleLines(name: string): Promise<string[][]> {
  const commands = (await loadCommands()).filter((each) => each.name === name)
  return commands
    .flatMap((each) => ('commands' in each ? each.commands : [each]))
    .flatMap(({ examples }) => examples)
    .map(([line]) => line)
    .filter((line) => line.startsWith('spotify-auth '))
    .map((line) => readTypedLine(`${line.split(' | ')[0]} `).words)
}
