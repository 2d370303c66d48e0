import { loadCommands } from '../../src/program.ts'

/** The names of the commands, or of those below one of them, in the order of the program's own table. */
export async function commandNames(above?: string): Promise<string[]> {
  const commands = await loadCommands()
  const group = commands.find(({ name }) => name === above)
  const listed = group && 'commands' in group ? group.commands : commands
  return listed.map(({ name }) => name)
}
