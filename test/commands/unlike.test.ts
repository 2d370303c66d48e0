import { describeLibraryCommand } from '../support/library-command.ts'

describeLibraryCommand('unlike', 'DELETE', 'Removed from your library', false)
