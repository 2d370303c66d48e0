import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Sandbox } from '../test/support/sandbox.ts'

/** The name of a credential helper that one call in five finds in a bad mood. */
export const fickleHelper = 'fickle'

/** What keeps it in a good mood, for a run that is spared. */
export const inGoodMood = { FICKLE_HELPER: 'good' }

// What a call does: of 256, so many fail, print rubbish, lie, or take their time. `get` lies with what was stored before.
const script = `#!/bin/sh
cd "$(dirname "$0")" || exit 2
input=$(cat)
case $1 in
  store) address=$(printf %s "$input" | sed 's/.*"ServerURL":"\\([^"]*\\)".*/\\1/') ;;
  *) address=$input ;;
esac
entry=entries/$(printf %s "$address" | tr / :)
dice=$(od -An -N1 -tu1 /dev/urandom)
[ "$FICKLE_HELPER" = good ] && dice=255
if [ "$dice" -lt 16 ]; then echo 'the keyring is locked'; exit 1
elif [ "$dice" -lt 26 ]; then echo '{"Secret": 5'; exit 0
elif [ "$dice" -lt 38 ]; then
  [ "$1" = get ] && cat "$entry.before"
  exit 0
elif [ "$dice" -lt 52 ]; then sleep 0.3
elif [ "$dice" -lt 54 ]; then sleep 2
fi
case $1 in
  store)
    printf %s "$input" > "$entry.$$" && {
      [ -f "$entry" ] && cp "$entry" "$entry.before"
      mv "$entry.$$" "$entry"
    } ;;
  erase) rm -f "$entry" ;;
  get) cat "$entry" 2>/dev/null || { echo 'credentials not found in native keychain'; exit 1; } ;;
esac
`

/** Puts it on the PATH of the sandbox. */
export function installFickleHelper({ env }: Pick<Sandbox, 'env'>): void {
  const bin = path.join(env.HOME ?? '', 'bin')
  mkdirSync(path.join(bin, 'entries'), { recursive: true })
  writeFileSync(path.join(bin, `docker-credential-${fickleHelper}`), script, { mode: 0o755 })
  env.PATH = `${bin}:${env.PATH}`
}
