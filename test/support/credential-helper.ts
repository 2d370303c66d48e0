import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Sandbox } from './sandbox.ts'

type Action = 'get' | 'store' | 'erase'

/**
 * What goes wrong with a call: it fails; hangs, in a process that it has started; is `slow` (half a second, or `slower`: three) and then
 * works; lies (`store` and `erase` do nothing and say that they have, `get` gives what was stored before); prints rubbish,
 * or without end; says in the way of docker-credential-pass that an entry is
 * `absent`; or starts something that holds its outputs open when it has ended.
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

const script = `#!/bin/sh
cd "$(dirname "$0")/../helpers/NAME" || exit 2
action=$1
input=$(cat)
echo "$action" >> counted
nth=$(grep -c "^$action$" counted)
fault=$(cat "fault-$action-$nth" 2>/dev/null || cat "fault-$action" 2>/dev/null)
echo "$action" >> calls
case $fault in
  fail) echo 'the keyring is locked'; exit 1 ;;
  hang) sleep 600 ;;
  slow) sleep 0.5 ;;
  slower) sleep 3; touch woken ;;
  rubbish) printf '\\033]0;rubbish\\007 {"Secret": 5'; exit 0 ;;
  flood) exec yes rubbish ;;
  linger) sleep 5 & ;;
esac
case $action in
  store) address=$(printf %s "$input" | sed 's/.*"ServerURL":"\\([^"]*\\)".*/\\1/') ;;
  *) address=$input ;;
esac
entry=entries/$(printf %s "$address" | tr / :)
case $action$fault in
  storelie|eraselie) ;;
  getlie) cat "$entry.before" ;;
  store*)
    [ -f "$entry" ] && mv "$entry" "$entry.before"
    printf %s "$input" > "$entry.new" && mv "$entry.new" "$entry" ;;
  erase*) rm -f "$entry" ;;
  getabsent) printf '{"ServerURL":"","Username":"","Secret":""}' ;;
  get*) cat "$entry" 2>/dev/null || { echo 'credentials not found in native keychain'; exit 1; } ;;
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
