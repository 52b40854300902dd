/** `kubectl completion`: scripts that let a shell ask `kubectl __complete` while a line is typed. */
import { command, KubectlError, usageError } from '../command.ts'

const BASH = `# bash completion for kubectl
__start_kubectl() {
    local IFS=$'\\n' out line
    COMPREPLY=()
    out=$("\${COMP_WORDS[0]}" __completeNoDesc "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) || return
    for line in $out; do
        [[ $line == :* ]] || COMPREPLY+=("$line")
    done
    [[ $out == *:6 ]] && type compopt >/dev/null 2>&1 && compopt -o nospace
    return 0
}
complete -o default -F __start_kubectl kubectl
`

const ZSH = `#compdef kubectl
compdef _kubectl kubectl
_kubectl() {
    local -a candidates
    local line out
    out=$("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null) || return
    while IFS= read -r line; do
        [[ $line == :* ]] && continue
        line=\${line//:/\\\\:}
        candidates+=("\${line/$'\\t'/:}")
    done <<< "$out"
    _describe 'kubectl' candidates
}
[ "$funcstack[1]" = "_kubectl" ] && _kubectl
`

const FISH = `# fish completion for kubectl
function __kubectl_perform_completion
    set -l args (commandline -opc) (commandline -ct)
    $args[1] __complete $args[2..-1] 2>/dev/null | string match -v ':*'
end
complete -c kubectl -e
complete -c kubectl -f -a '(__kubectl_perform_completion)'
`

const SCRIPTS: Record<string, string> = { bash: BASH, zsh: ZSH, fish: FISH }

export const completion = command({
  name: 'completion',
  completes: 'nothing',
  async run({ args, io }) {
    const [shell] = args
    if (shell === undefined) throw usageError('completion', 'Shell not specified.')
    if (args.length > 1) throw usageError('completion', 'Too many arguments. Expected only the shell type.')
    if (shell === 'powershell')
      throw new KubectlError('kubectl completion powershell is not supported here; bash, zsh and fish are')
    const script = SCRIPTS[shell]
    if (!script) throw usageError('completion', `Unsupported shell type ${JSON.stringify(shell)}.`)
    io.out(script)
  },
})
