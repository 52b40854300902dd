/** Preferences: aliases and default flags of `~/.kube/kuberc`, put into a command line before it is read (kubectl's pkg/kuberc). */
import { parseArguments } from './arguments.ts'
import { commandPath, type Entry, type Flag, flagsOf } from './catalogue/index.ts'
import { KubectlError } from './error.ts'
import { findCommand, plainWords } from './find-command.ts'
import type { Io } from './io.ts'
import { type Option, type Preference, preferenceIn } from './kuberc-file.ts'

/** What stands on the command line when the preferences have had their say. */
export interface Preferred {
  root: Entry
  words: readonly string[]
  /** The whole line, as `-v=1` tells it. */
  original?: string
}

/** Why the preferences cannot be applied; told before anything else is. */
const wrong = (why: string): KubectlError => new KubectlError(`error occurred while applying preferences ${why}`, 1, true)

/** The file that counts, and whether somebody named it. */
export function kubercFile(io: Io, given: string): { path: string; explicit: boolean } | null {
  const named = io.env?.('KUBERC') ?? ''
  if (named === 'off') {
    if (given) throw new KubectlError('disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive')
    return null
  }
  const path = given || named || `${io.env?.('HOME') ?? '/root'}/.kube/kuberc`
  return { path, explicit: path === given || path === named }
}

export async function preferred(root: Entry, words: readonly string[], io: Io): Promise<Preferred> {
  if (words.length === 0 || /^(0|f|false)$/i.test(io.env?.('KUBECTL_KUBERC') ?? '')) return { root, words }
  let preference: Preference | null
  try {
    const file = kubercFile(io, givenFile(words))
    preference = file && (await preferenceIn(io, file.path, file.explicit, verbosity(words)))
  } catch (error) {
    if (error instanceof KubectlError) throw wrong(error.bare ? error.message : `kuberc error ${error.message}`)
    throw error
  }
  if (!preference) return { root, words }
  checkPreference(preference)
  const aliased = withAlias(root, preference, words, io)
  return withDefaults(aliased, preference, io)
}

/** `--kuberc`, read before any command is known. */
function givenFile(words: readonly string[]): string {
  for (const [i, word] of words.entries()) {
    if (word === '--') return ''
    if (word !== '--kuberc' && !word.includes('--kuberc=')) continue
    const value = word === '--kuberc' ? words[i + 1] : word.split('=')[1]
    if (!value) throw new KubectlError('kuberc file is not found', 1, true)
    return value
  }
  return ''
}

/** `-v`, read before any command is known; 0 when it is no number. */
function verbosity(words: readonly string[]): number {
  const ends = words.indexOf('--')
  const heard = ends < 0 ? words : words.slice(0, ends)
  const at = heard.findIndex((word, i) => (/^--?v$/.test(word) ? i + 1 < words.length : /-v=[^=]/.test(word)))
  const word = heard[at] ?? ''
  const text = word.includes('=') ? word.split('=')[1] : words[at + 1]
  return at < 0 || !/^-?\d+$/.test(text ?? '') ? 0 : Number(text)
}

function checkPreference({ aliases, defaults, credentialPluginPolicy, credentialPluginAllowlist }: Preference): void {
  const seen = new Set<string>()
  const checkOptions = (options: readonly Option[]): void => {
    for (const { name } of options)
      if (name.startsWith('-')) throw wrong(`flag name ${name} should be in long form without dashes`)
  }
  for (const { name, options } of aliases) {
    if (!/^[a-zA-Z]+$/.test(name)) throw wrong('invalid alias name, can only include alphabetical characters')
    checkOptions(options)
    if (seen.has(name)) throw wrong(`duplicate alias name ${name}`)
    seen.add(name)
  }
  for (const { options } of defaults) checkOptions(options)
  checkPolicy(credentialPluginPolicy, credentialPluginAllowlist)
}

/** Programs that get credentials: nothing here runs them, but what is said of them must make sense. */
function checkPolicy(policy: string, list: Preference['credentialPluginAllowlist']): void {
  const shown = JSON.stringify(policy)
  if (!['', 'AllowAll', 'DenyAll', 'Allowlist'].includes(policy)) throw wrong(`unknown plugin policy: ${shown}`)
  if (policy !== 'Allowlist') {
    if (list) throw wrong(`misconfigured credential plugin allowlist: plugin policy is ${shown} but allowlist is non-nil`)
    return
  }
  if (!list) throw wrong(`credential plugin policy set to ${shown}, but allowlist is unspecified`)
  if (list.length === 0)
    throw wrong(`credential plugin policy set to ${shown}, but allowlist is empty; use "DenyAll" policy instead`)
  for (const [i, { command }] of list.entries())
    if (!command) throw wrong(`misconfigured credential plugin allowlist: empty allowlist entry #${i + 1}`)
}

const isCommand = (root: Entry, words: readonly string[]): boolean => {
  const { entry, words: rest } = findCommand(root, words)
  return entry !== root || plainWords(root, rest).length === 0
}

/** The alias becomes a command beside the others; its options and arguments go where it stands. */
function withAlias(root: Entry, { aliases }: Preference, words: readonly string[], io: Io): Preferred {
  if (isCommand(root, words)) return { root, words }
  const at = words.findIndex((word) => !word.startsWith('-') && !word.startsWith('__complete'))
  const alias = aliases.find(({ name }) => name === words[at])
  if (at < 0 || !alias) return { root, words }
  if (isCommand(root, [alias.name])) {
    io.err(`Warning: Setting alias ${JSON.stringify(alias.name)} to a built-in command is not supported\n`)
    return { root, words }
  }
  const meant = alias.command.split(/\s+/).filter(Boolean)
  if (!isCommand(root, meant))
    throw wrong(
      `command ${JSON.stringify(alias.command)} not found to set alias ${JSON.stringify(alias.name)}: [${meant.join(' ')}]`,
    )
  const { entry } = findCommand(root, meant)
  const own: Entry = { ...entry, name: alias.name, usage: '', aliases: [], parent: root, shown: alias.name }
  const flags = flagsOf(own)
  const set = alias.options.flatMap(({ name, default: value }) => {
    const flag = flags.get(name)
    if (!flag) throw wrong(`invalid alias flag ${name} in alias kubectl`)
    if (givenAlready(flag, words)) return []
    checkValue(flag, value, (why) => `could not apply value ${value} to flag ${name} in alias kubectl err: ${why}`)
    return [`--${name}=${value}`]
  })
  const placed = [...words.slice(0, at + 1), ...alias.prependArgs, ...words.slice(at + 1), ...alias.appendArgs]
  return {
    root: { ...root, children: [...root.children, own] },
    words: [...placed.slice(0, at + 1), ...set, ...placed.slice(at + 1)],
    original: ['kubectl', alias.command, ...set, placed.join(' ').replaceAll(alias.name, '')].join(' '),
  }
}

/** Flags that a command has by default; those on the line stay as they are. */
function withDefaults({ root, words, original }: Preferred, { defaults, aliases }: Preference, io: Io): Preferred {
  if (!isCommand(root, words)) return { root, words }
  const { entry, words: rest } = findCommand(root, words)
  const flags = flagsOf(entry)
  const set: string[] = []
  for (const { command, options } of defaults) {
    const named = command.split(/\s+/).filter(Boolean)
    if (!isCommand(root, named)) {
      io.err(`Warning: command ${JSON.stringify(command)} not found to set kuberc override\n`)
      continue
    }
    if (findCommand(root, named).entry.name !== entry.name) continue
    if (entry.shown && aliases.some(({ name }) => name === entry.name)) throw wrong(`alias ${entry.name} can not be overridden`)
    for (const { name, default: value } of options) {
      const flag = flags.get(name)
      if (!flag) throw wrong(`invalid flag ${name} for command ${command}`)
      if (givenAlready(flag, words)) continue
      checkValue(
        flag,
        value,
        (why) => `could not apply override value ${value} to flag ${name} in command ${command} err: ${why}`,
      )
      set.push(`--${name}=${value}`)
    }
  }
  if (set.length === 0) return { root, words, ...(original ? { original } : {}) }
  const path = commandPath(entry).split(' ').slice(1)
  return { root, words: [...path, ...set, ...rest], original: ['kubectl', ...words, ...set].join(' ') }
}

/** Whether the line has the flag, in any of its forms. */
function givenAlready({ name, short }: Flag, words: readonly string[]): boolean {
  return words.some((word) => {
    if (word === `--${name}` || word.startsWith(`--${name}=`)) return true
    if (short === '') return false
    return word.startsWith(`-${short}`) || (/^-[a-zA-Z]+$/.test(word) && word.slice(1).includes(short))
  })
}

function checkValue(flag: Flag, value: string, words: (why: string) => string): void {
  try {
    parseArguments([`--${flag.name}=${value}`], new Map([[flag.name, flag]]))
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error
    throw wrong(words(error.message))
  }
}
