/** How a shell completes: a script that asks the program, and the format in which that script expects the answer. */
interface Shell {
  script: string
  format(completion: Completion): string[]
}

/** What the word at the cursor can become. */
export interface Completion {
  typed: string
  quoted: boolean
  /** Each begins with what is typed. */
  candidates: Candidate[]
  /** A candidate can be continued: no space comes after it. */
  open: boolean
}

export interface Candidate {
  value: string
  description?: string
}

/** bash gets only the part of each word that is not typed yet, so that what is typed stays as it is, with its quotes. */
const bash: Shell = {
  script: `# Completion of spotify-auth for bash; the program itself is asked.
_spotify_auth() {
  local missing
  COMPREPLY=()
  while IFS= read -r missing; do
    COMPREPLY+=("\${2-}$missing")
  done < <(command spotify-auth __complete bash "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null </dev/null)
}
complete -o nospace -F _spotify_auth spotify-auth
`,
  format: ({ typed, quoted, candidates, open }) =>
    candidates.map(({ value }) => value.slice(typed.length) + (open || quoted ? '' : ' ')),
}

/** zsh gets a first line that says whether a space follows the word, then the words in the format of `_describe`. */
const zsh: Shell = {
  script: `#compdef spotify-auth
# Completion of spotify-auth for zsh; the program itself is asked.
_spotify-auth() {
  local -a answer suffix
  local line="\${(j: :)words[1,CURRENT-1]} $QIPREFIX$IPREFIX$PREFIX"
  answer=("\${(@f)$(command spotify-auth __complete zsh "$line" 2>/dev/null </dev/null)}")
  [[ $answer[1] == open ]] && suffix=(-S '')
  shift answer
  (( $#answer )) && _describe spotify-auth answer "\${suffix[@]}"
}
if [[ \${funcstack[1]-} == _spotify-auth ]]; then
  _spotify-auth "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }
  compdef _spotify-auth spotify-auth
fi
`,
  format: ({ candidates, open }) =>
    candidates.length === 0 ? [] : [open ? 'open' : 'closed', ...candidates.map(describeForZsh)],
}

const fish: Shell = {
  script: `# Completion of spotify-auth for fish; the program itself is asked.
function __spotify_auth_candidates
    command -sq spotify-auth
    and command spotify-auth __complete fish (commandline -cp | string collect) 2>/dev/null </dev/null
end
complete -c spotify-auth -f -a '(__spotify_auth_candidates)'
`,
  format: ({ candidates }) => candidates.map(({ value, description = '' }) => `${value}\t${description}`),
}

export const shells: Record<string, Shell> = { bash, zsh, fish }

function describeForZsh({ value, description }: Candidate): string {
  const escaped = value.replace(/[\\:]/g, '\\$&')
  return description ? `${escaped}:${description}` : escaped
}
