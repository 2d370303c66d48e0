import { describeLibraryCommand } from '../support/library-command.ts'

describeLibraryCommand('like', 'PUT', 'Saved to your library', true)
