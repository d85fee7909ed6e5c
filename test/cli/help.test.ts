import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCurlCall } from '../../src/cli/curl/call.ts'
import { readCall } from '../../src/cli/options.ts'
import { entryOf, VERBS } from '../../src/cli/table.ts'
import { splitWords } from '../../src/inputs/shell-words.ts'
import { describeWithPart } from '../real/parts.ts'
import { installCommand } from './command.ts'

let command: ReturnType<typeof installCommand>
const fileOf = (name: string) => `${command.packed.consumer}/${name}`
beforeAll(async () => {
  command = installCommand()
  for (const shell of ['bash', 'zsh', 'fish'])
    writeFileSync(fileOf(`countersign.${shell}`), (await command.run(['completion', shell])).stdout)
}, 60_000)
afterAll(() => command.packed.remove())

describe('countersign help', () => {
  it.each(VERBS.filter((verb) => verb !== 'help'))(
    '%s has its flags and three examples',
    async (verb) => {
      const { code, stdout } = await command.run(['help', verb])
      expect([code, stdout]).toEqual([0, expect.stringMatching(`^countersign ${verb}`)])
      for (const flag of entryOf(verb).flags) expect(stdout).toContain(`--${flag} `)
      expect(stdout.match(/^ {2}countersign /gm)).toHaveLength(3)
      expect((await command.run([verb, '--help'])).stdout).toBe(stdout)
    },
  )

  it.each(VERBS.flatMap((verb) => entryOf(verb).examples.map(([, line]) => line)))(
    'has an example that is a call: %s',
    (line) => {
      const [verb, ...words] = splitWords(line.replace(/ >.*/, '')) ?? []
      if (verb === 'curl' && !words.includes('--help')) expect(readCurlCall(words).url).toBeTruthy()
      else
        expect(readCall([verb as string, ...words])).toMatchObject(verb === 'curl' ? {} : { verb })
    },
  )

  it('names each verb, in lines that fit a terminal', async () => {
    const { code, stdout } = await command.run(['help'])
    expect(code).toBe(0)
    for (const verb of VERBS) expect(stdout).toMatch(new RegExp(`^  countersign ${verb} `, 'm'))
    for (const verb of VERBS)
      for (const line of (await command.run(['help', verb])).stdout.split('\n'))
        expect([line, line.length <= 100]).toEqual([line, true])
  })

  it.each([
    [['help', 'nonsense'], /no verb nonsense/],
    [['completion', 'tcsh'], /bash, zsh, fish/],
    [['verify', '--payload', 'x'], /verify has no --payload/],
    [['--service', 's3', 'curl'], /curl stands before/],
  ])('%j is called wrongly', async (words, why) => {
    const { code, stderr } = await command.run(words)
    expect([code, stderr]).toEqual([2, expect.stringMatching(why)])
  })
})

/** What each shell must offer behind some words. */
const OFFERS: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['countersign ver', ['verify']],
  ['countersign help pre', ['presign']],
  ['countersign token el', ['elasticache']],
  ['countersign completion z', ['zsh']],
  ['countersign sign --pro', ['--profile']],
  ['countersign verify --no', ['--now']],
  ['countersign curl --expl', ['--explain']],
  ['countersign token --format ku', ['kubectl']],
  ['countersign explain --error ans', ['answer.xml']],
]

/** Runs a script in a folder with one file. */
function shellOf(program: string, words: readonly string[], script: string): string[] {
  const folder = fileOf('folder')
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/answer.xml`, '')
  const options = {
    cwd: folder,
    encoding: 'utf8',
    env: { ...command.environment, TERM: 'dumb' },
  } as const
  return execFileSync(program, [...words, script], options)
    .split(/\s+/)
    .filter(Boolean)
}

describeWithPart('bash', 'completions in bash', () => {
  it.each(OFFERS)('%s', (line, offered) => {
    const words = line.split(' ')
    const script = `source ${fileOf('countersign.bash')}
      COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}
      _countersign; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p countersign >&2`
    expect(shellOf('bash', ['--norc', '-c'], script)).toEqual(offered)
  })
})

describeWithPart('zsh', 'completions in zsh', () => {
  it.each(OFFERS)('%s', (line, offered) => {
    // A terminal of its own, at which a tab is typed.
    const script = `zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell "PS1=; autoload -U compinit; compinit -u -D; source ${fileOf('countersign.zsh')}; print LOA''DED"
      zpty -r -m shell out '*LOADED*'
      zpty -w -n shell $'\\C-u${line}\\t\\C-aprint -r -- \\'GOT\\' \\C-e\\n'
      zpty -r -m shell out $'*\\nGOT *\\n*'
      print -r -- "\${\${out##*$'\\n'GOT }%%$'\\n'*}"`
    expect(shellOf('zsh', ['-f', '-c'], script).at(-1)).toBe(offered[0])
  })
})

describeWithPart('fish', 'completions in fish', () => {
  it.each(OFFERS)('%s', (line, offered) => {
    const script = `source ${fileOf('countersign.fish')}; complete -C '${line}' | cut -f1`
    expect(shellOf('fish', ['--no-config', '-c'], script)).toEqual(offered)
  })
})
