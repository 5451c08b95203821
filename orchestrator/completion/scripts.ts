export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const bash = `# Completion of edgesweep in bash. In ~/.bashrc:
#   source <(edgesweep completion bash)
_edgesweep() {
  local line how cur
  cur=$2
  COMPREPLY=()
  while IFS= read -r line; do
    if [ -z "$how" ]; then how=$line; else COMPREPLY+=("$line"); fi
  done < <("$1" --complete bash "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  case $how in
    *open) compopt -o nospace ;;
    files*) compopt -o filenames; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur") ;;
    directories*) compopt -o filenames; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$cur") ;;
  esac
}
complete -F _edgesweep edgesweep
`;

const zsh = `#compdef edgesweep
# Completion of edgesweep in zsh. In ~/.zshrc, after compinit:
#   source <(edgesweep completion zsh)
# or as a file in a folder of $fpath:
#   edgesweep completion zsh > ~/.zfunc/_edgesweep
_edgesweep() {
  local line how
  local -a reply matches shown more
  reply=("\${(@f)$(\${(Q)words[1]} --complete zsh "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  how=$reply[1]
  shift reply
  for line in "\${reply[@]}"; do
    matches+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done
  [[ $how == *open ]] && more=(-S '')
  (( $#matches )) && compadd "\${more[@]}" -d shown -a matches
  [[ $how == files* || $how == directories* ]] || return 0
  compset -P '--*='
  if [[ $how == files* ]]; then _files; else _files -/; fi
}
if [ "$funcstack[1]" = _edgesweep ]; then _edgesweep "$@"; else compdef _edgesweep edgesweep; fi
`;

const fish = `# Completion of edgesweep in fish:
#   edgesweep completion fish > ~/.config/fish/completions/edgesweep.fish
function __edgesweep_complete
  set -l words (commandline -opc)
  set -l typed (commandline -ct)
  set -l reply ($words[1] --complete fish $words[2..-1] "$typed" 2>/dev/null)
  set -l prefix (string match -r -- '^--[^=]*=' "$typed")
  set -l path (string replace -r -- '^--[^=]*=' '' "$typed")
  string join \\n -- $reply[2..-1]
  switch "$reply[1]"
    case 'files*'
      string join \\n -- "$prefix"(__fish_complete_path "$path")
    case 'directories*'
      string join \\n -- "$prefix"(__fish_complete_directories "$path" '')
  end
end
complete -c edgesweep -e
complete -c edgesweep -f -a '(__edgesweep_complete)'
`;

/** What a shell reads to complete command lines of edgesweep. */
export const SCRIPTS: Readonly<Record<Shell, string>> = { bash, zsh, fish };
