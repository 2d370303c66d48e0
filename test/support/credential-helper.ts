import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Sandbox } from './sandbox.ts'

type Action = 'get' | 'store' | 'erase'

/**
 * What goes wrong with a call: it fails; hangs, in a process that it has started; is `slow` (half a second, or `slower`: three) and then
 * works; lies (`store` and `erase` do nothing and say that they have, `get` gives what was stored before); prints rubbish,
 * or without end; says in the way of docker-credential-pass that an entry is
 * `absent`; or starts something that holds its outputs open when it has ended, for twice as long as a helper may take.
 */
type Fault = 'fail' | 'hang' | 'slow' | 'slower' | 'lie' | 'rubbish' | 'flood' | 'absent' | 'linger'

/** A credential helper that keeps its entries in files, and does what it is told to. */
export interface ScriptedHelper {
  name: string
  /** From now on this goes wrong, with each call or with the nth from now. */
  fault(action: Action, fault: Fault, nth?: number): void
  mend(): void
  /** Whether one that was `slower` has gone on with its work. */
  hasWoken(): boolean
  /** The calls since it was last asked. */
  calls(): string[]
  /** How often it was called to do that since the last fault was set. */
  count(action: Action): number
  /** What it keeps, by address. */
  entries(): Record<string, { Username: string; Secret: string }>
  /** Removes all entries. */
  clear(): void
}

// It starts no other program where the shell itself can do it: the tests call it hundreds of times.
const script = `#!/bin/sh
cd "\${0%/*}/../helpers/NAME" || exit 2
action=$1
IFS= read -r input
echo "$action" >> counted
nth=0
while read -r each; do
  [ "$each" = "$action" ] && nth=$((nth + 1))
done < counted
fault=
for each in "fault-$action-$nth" "fault-$action"; do
  if [ -f "$each" ]; then
    read -r fault < "$each"
    break
  fi
done
echo "$action" >> calls
case $fault in
  fail) echo 'the keyring is locked'; exit 1 ;;
  hang) sleep 600 ;;
  slow) sleep 0.5 ;;
  slower) sleep 3; : > woken ;;
  rubbish) printf '\\033]0;rubbish\\007 {"Secret": 5'; exit 0 ;;
  flood) exec yes rubbish ;;
  linger) sleep 20 & ;;
esac
address=$input
if [ "$action" = store ]; then
  address=\${input#*'"ServerURL":"'}
  address=\${address%%'"'*}
fi
IFS=/
set -f -- $address
IFS=:
entry="entries/$*"
show() {
  IFS= read -r kept < "$1" && printf '%s\\n' "$kept"
}
case $action$fault in
  storelie|eraselie) ;;
  getlie) show "$entry.before" ;;
  store*)
    [ -f "$entry" ] && show "$entry" > "$entry.before"
    printf '%s\\n' "$input" > "$entry.new" && mv "$entry.new" "$entry" ;;
  erase*) rm -f "$entry" ;;
  getabsent) printf '{"ServerURL":"","Username":"","Secret":""}' ;;
  get*) if [ -f "$entry" ]; then show "$entry"; else echo 'credentials not found in native keychain'; exit 1; fi ;;
esac
`

/** Puts a helper of that name on the PATH of the sandbox. */
export function installHelper({ env }: Pick<Sandbox, 'env'>, name = 'test'): ScriptedHelper {
  const bin = path.join(env.HOME ?? '', 'bin')
  const directory = path.join(env.HOME ?? '', 'helpers', name)
  const inDirectory = (file: string) => path.join(directory, file)
  mkdirSync(inDirectory('entries'), { recursive: true })
  mkdirSync(bin, { recursive: true })
  const file = path.join(bin, `docker-credential-${name}`)
  writeFileSync(file, script.replace('NAME', name))
  chmodSync(file, 0o755)
  if (!env.PATH?.startsWith(bin)) env.PATH = `${bin}:${env.PATH}`
  const linesOf = (name: string) =>
    existsSync(inDirectory(name)) ? readFileSync(inDirectory(name), 'utf8').trim().split('\n') : []
  const empty = (pattern: RegExp, directory = inDirectory('.')) => {
    for (const each of readdirSync(directory)) {
      if (pattern.test(each)) rmSync(path.join(directory, each))
    }
  }
  return {
    name,
    fault(action, fault, nth) {
      empty(/^counted$/)
      writeFileSync(inDirectory(`fault-${action}${nth ? `-${nth}` : ''}`), fault)
    },
    mend: () => empty(/^fault-/),
    hasWoken: () => existsSync(inDirectory('woken')),
    calls() {
      const calls = linesOf('calls')
      empty(/^calls$/)
      return calls
    },
    count: (action) => linesOf('counted').filter((each) => each === action).length,
    entries() {
      const names = readdirSync(inDirectory('entries')).filter((each) => !/\.(before|new)$/.test(each))
      return Object.fromEntries(
        names.map((each) => {
          const { ServerURL, ...entry } = JSON.parse(readFileSync(inDirectory(`entries/${each}`), 'utf8'))
          return [ServerURL, entry]
        }),
      )
    },
    clear: () => empty(/./, inDirectory('entries')),
  }
}
