/** Where the data of ConfigMaps and Secrets comes from: literals, files, directories, files of variables. */

import { bytesOf } from '#api/bytes.ts'
import { goJson } from '#api/go-json.ts'
import { isConfigMapKey } from '#api/names.ts'
import { sha256 } from '#api/sha256.ts'
import { type Context, KubectlError } from '../../command.ts'

export type Add = (key: string, value: string) => void

/** Adds what the flags name. `literalsFirst`: Secrets take literals before files, ConfigMaps after. */
export async function addSources(context: Context, add: Add, literalsFirst: boolean): Promise<void> {
  const { flags } = context
  if (flags.has('from-env-file') && (flags.has('from-file') || flags.has('from-literal'))) {
    throw new KubectlError('from-env-file cannot be combined with from-file or from-literal')
  }
  if (literalsFirst) addLiterals(context, add)
  for (const source of flags.all('from-file')) await addFile(context, add, source)
  if (!literalsFirst) addLiterals(context, add)
  for (const source of flags.all('from-env-file')) await addVariables(context, add, source)
}

function addLiterals({ flags }: Context, add: Add): void {
  for (const source of flags.all('from-literal')) {
    const cut = source.indexOf('=')
    if (cut < 1) throw new KubectlError(`invalid literal source ${source}, expected key=value`)
    add(source.slice(0, cut), source.slice(cut + 1))
  }
}

export async function readFile({ io }: Context, path: string): Promise<string> {
  try {
    return path === '-' ? await io.stdin() : await io.read(path)
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^.*: /, '') : String(error)
    throw new KubectlError(`error reading ${path}: ${why}`)
  }
}

async function addFile(context: Context, add: Add, source: string): Promise<void> {
  const { key, path } = fileSource(source)
  const names = await context.io.list(path)
  if (names === null) return add(key, await readFile(context, path))
  if (source.includes('=')) throw new KubectlError('cannot give a key name for a directory path')
  for (const name of names) {
    const inside = `${path.replace(/\/$/, '')}/${name}`
    if ((await context.io.list(inside)) === null) add(name, await readFile(context, inside))
  }
}

function fileSource(source: string): { key: string; path: string } {
  const [first = '', second, ...more] = source.split('=')
  if (second === undefined) return { key: first.replace(/\/+$/, '').split('/').at(-1) as string, path: first }
  if (more.length > 0) throw new KubectlError("key names or file paths cannot contain '='")
  if (first === '') throw new KubectlError(`key name for file path ${second} missing`)
  if (second === '') throw new KubectlError(`file path for key name ${first} missing`)
  return { key: first, path: second }
}

const NO_VARIABLE =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')"

/** Lines of `KEY=value`; comments and empty lines are skipped. A bare key takes its value from the environment. */
async function addVariables(context: Context, add: Add, path: string): Promise<void> {
  if ((await context.io.list(path)) !== null) throw new KubectlError('env config file cannot be a directory')
  for (const raw of (await readFile(context, path)).split('\n')) {
    const line = raw.trimStart()
    if (line === '' || line.startsWith('#')) continue
    const cut = line.indexOf('=')
    const key = cut < 0 ? line : line.slice(0, cut)
    if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(key))
      throw new KubectlError(`${JSON.stringify(key)} is not a valid key name: ${NO_VARIABLE}`)
    add(key, cut < 0 ? (context.io.env?.(key) ?? '') : line.slice(cut + 1))
  }
}

/** Keys as ConfigMaps and Secrets allow them, each once. */
export function checkKey(
  key: string,
  data: Record<string, string>,
  words: { invalid(problems: string[]): string; taken: string },
): void {
  const problems = isConfigMapKey(key)
  if (problems.length > 0) throw new KubectlError(words.invalid(problems))
  if (key in data) throw new KubectlError(words.taken)
}

const SAFE: Record<string, string> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' }

/** kubectl's hash of what an object holds: 40 bits of SHA-256 in letters that make no words. */
export async function contentHash(content: Record<string, unknown>): Promise<string> {
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([k, v]) => [k, sorted(v)]),
        )
      : value
  const text = goJson(sorted(content))
  const digest = sha256([...bytesOf(text)])
  const hex = [...digest.slice(0, 5)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [...hex].map((char) => SAFE[char] ?? char).join('')
}
