import { type FlagName, flagOf } from './flags.ts'
import { entryOf, flagsOf, VERBS, type Verb } from './table.ts'

const spelled = (name: FlagName): string[] => {
  const { short } = flagOf(name)
  return [`--${name}`, ...(short ? [`-${short}`] : [])]
}

/** What an operand may be: the verbs, where help is asked for one. */
const operandsOf = (verb: Verb): readonly string[] =>
  verb === 'help' ? VERBS : (entryOf(verb).words ?? [])

/** The flags of any verb, each once. */
const allFlags = (): FlagName[] => [...new Set(VERBS.flatMap(flagsOf))]

/** The flags with words to choose of, or with none to tell, as cases of a shell: one line each. */
const valueCases = (words: (list: readonly string[]) => string, file: string, none: string) =>
  allFlags().flatMap((name) => {
    const { value, words: own } = flagOf(name)
    if (value === undefined) return []
    const action = own === 'file' ? file : own ? words(own) : none
    return `    ${spelled(name).join('|')}) ${action} ;;`
  })

function bash(): string {
  const reply = (words: readonly string[]) =>
    `COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word"))`
  const verbs = VERBS.map((verb) => {
    const words = [...operandsOf(verb), ...flagsOf(verb).flatMap(spelled)]
    return `    ${verb}) ${reply(words)} ;;`
  })
  return `_countersign() {
  local word=\${COMP_WORDS[COMP_CWORD]} last=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    ${reply([...VERBS, '--help', '--version'])}
    return
  fi
  case $last in
${valueCases((words) => `${reply(words)}; return`, 'COMPREPLY=($(compgen -f -- "$word")); return', 'return').join('\n')}
  esac
  case \${COMP_WORDS[1]} in
${verbs.join('\n')}
  esac
}
complete -o default -F _countersign countersign
`
}

function zsh(): string {
  const reply = (words: readonly string[]) => `compadd -- ${words.join(' ')}`
  const verbs = VERBS.map((verb) => {
    const words = [...operandsOf(verb), ...flagsOf(verb).flatMap(spelled)]
    return `    ${verb}) ${reply(words)}; [[ $PREFIX == -* ]] || _files ;;`
  })
  return `#compdef countersign
_countersign() {
  if (( CURRENT == 2 )); then
    ${reply([...VERBS, '--help', '--version'])}
    return
  fi
  case $words[CURRENT-1] in
${valueCases((words) => `${reply(words)}; return`, '_files; return', 'return').join('\n')}
  esac
  case $words[2] in
${verbs.join('\n')}
  esac
}
if [[ $funcstack[1] == _countersign ]]; then _countersign "$@"; else compdef _countersign countersign; fi
`
}

function fish(): string {
  const quoted = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`
  const lines = VERBS.flatMap((verb) => {
    const seen = `complete -c countersign -n '__fish_seen_subcommand_from ${verb}'`
    const operands = operandsOf(verb)
    return [
      `complete -c countersign -n __fish_use_subcommand -f -a ${verb} -d ${quoted(entryOf(verb).says)}`,
      ...(operands.length > 0 ? [`${seen} -f -a ${quoted(operands.join(' '))}`] : []),
      ...flagsOf(verb).map((name) => {
        const { short, value, words, says } = flagOf(name)
        const list = words && words !== 'file' ? ` -f -a ${quoted(words.join(' '))}` : ''
        const takes = value === undefined ? '' : ` -r${words ? list : ' -f'}`
        return `${seen} -l ${name}${short ? ` -s ${short}` : ''}${takes} -d ${quoted(says)}`
      }),
    ]
  })
  return `${lines.join('\n')}\n`
}

/** What a shell reads to complete the command, by the shell's name. */
export const COMPLETIONS: Readonly<Record<string, () => string>> = { bash, zsh, fish }
