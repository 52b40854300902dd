/** The values a user gives: `-f`, `--set` and its kin, later ones over earlier ones (helm's pkg/cli/values). */
import type { Values } from '../chart/chart.ts'
import { valuesOf } from '../chart/load.ts'
import type { Flags } from '../command.ts'
import { HelmError, type HelmIo } from '../io.ts'
import { setValues, typed, verbatim } from './strvals.ts'
import { isTable } from './tables.ts'

export async function givenValues(flags: Flags, io: HelmIo): Promise<Values> {
  let values: Values = {}
  for (const file of flags.all('values')) values = laidOver(values, await fromFile(file, io))
  const put = async (flag: string, text: string, read: Parameters<typeof setValues>[2]): Promise<void> => {
    try {
      await setValues(text, values, read)
    } catch (error) {
      throw new HelmError(`failed parsing --${flag} data: ${error instanceof Error ? error.message : error}`)
    }
  }
  for (const text of flags.all('set-json')) {
    if (text.trim().startsWith('{')) values = laidOver(values, wholeJson(text))
    else await put('set-json', text, 'json')
  }
  for (const text of flags.all('set')) await put('set', text, typed)
  for (const text of flags.all('set-string')) await put('set-string', text, verbatim)
  for (const text of flags.all('set-file')) await put('set-file', text, (path) => readFile(path, io))
  for (const text of flags.all('set-literal')) {
    const at = text.indexOf('=')
    await put(
      'set-literal',
      at < 0 ? text : `${text.slice(0, at + 1)}${text.slice(at + 1).replace(/[\\,={}[\].]/g, '\\$&')}`,
      verbatim,
    )
  }
  return values
}

function wholeJson(text: string): Values {
  try {
    return JSON.parse(text) as Values
  } catch {
    throw new HelmError(`failed parsing --set-json data JSON: ${text}`)
  }
}

async function fromFile(file: string, io: HelmIo): Promise<Values> {
  const text = file.trim() === '-' ? await io.stdin() : await readFile(file, io)
  try {
    return valuesOf(text, file)
  } catch (error) {
    throw new HelmError(`failed to parse ${file}: ${(error as Error).message.replace(/^cannot load [^:]*: /, '')}`)
  }
}

export async function readFile(path: string, io: HelmIo): Promise<string> {
  if (/^https?:/.test(path))
    throw new HelmError(`scheme "${path.split(':')[0]}" not supported: this helm reaches no other servers`)
  try {
    return await io.read(path)
  } catch (error) {
    throw new HelmError(`open ${path}: ${error instanceof Error ? error.message : error}`)
  }
}

/** Tables are laid into each other; everything else is replaced. */
export function laidOver(under: Values, over: Values): Values {
  const out = { ...under }
  for (const [key, value] of Object.entries(over)) {
    const known = out[key]
    out[key] = isTable(value) && isTable(known) ? laidOver(known, value) : value
  }
  return out
}
