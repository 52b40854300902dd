/** awk's functions. */

import { careful } from '#api/regexp/careful.ts'
import { formatDate } from '../applets/date.ts'
import { printfText } from '../applets/print.ts'
import { posixSource } from '../regex.ts'
import type { Sys } from '../sys.ts'
import type { Interpreter } from './interpreter.ts'
import type { Expr } from './syntax.ts'
import { fromInput, toNumber, toText, type Value } from './values.ts'

const cache = new Map<string, RegExp>()

export function awkRegex(source: string, flags = ''): RegExp {
  const key = `${flags}/${source}`
  let found = cache.get(key)
  if (!found) {
    if (cache.size > 300) cache.clear()
    try {
      const own = posixSource(source.replaceAll('\\/', '/'), true).replaceAll('[^\\n]', '[^]')
      found = careful(own, flags, { longest: true })
    } catch {
      found = /(?!)/
    }
    cache.set(key, found)
  }
  found.lastIndex = 0
  return found
}

export function awkFormat(sys: Sys, format: string, values: Value[], convert: string): string {
  // `%c` of a number is the character.
  let at = 0
  const words: string[] = []
  for (const m of format.matchAll(/%%|%[-+ #0]*(\*|\d+)?(?:\.(\*|\d*))?([a-zA-Z])/g)) {
    if (m[0] === '%%') continue
    for (const star of [m[1], m[2]]) if (star === '*') words.push(String(Math.trunc(toNumber(values[at++]))))
    const value = values[at++]
    if (m[3] === 'c') words.push(typeof value === 'number' ? String.fromCodePoint(value) : toText(value, convert).slice(0, 1))
    else if (/[diouxX]/.test(m[3] as string)) words.push(String(Math.trunc(toNumber(value))))
    else if (/[eEfFgG]/.test(m[3] as string)) words.push(String(toNumber(value)))
    else words.push(toText(value, convert))
  }
  const once = format.replace(/%[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d*))?([cdi])/g, (all, kind: string) =>
    kind === 'c' ? `${all.slice(0, -1)}s` : all,
  )
  if (words.length === 0) return printfText(sys, [once.replaceAll('\\', '\\\\')], () => {}).text
  return printfText(sys, [once.replaceAll('\\', '\\\\'), ...words], () => {}).text
}

type Builtin = (it: Interpreter, args: Expr[], scope: any) => Value

const number = (it: Interpreter, e: Expr | undefined, scope: any): number => (e ? toNumber(it.value(e, scope)) : 0)
const text = (it: Interpreter, e: Expr | undefined, scope: any): string => (e ? it.text(it.value(e, scope)) : '')
/** The source of a pattern: a regular expression, or any value's text. */
const pattern = (it: Interpreter, e: Expr | undefined, scope: any): string => (e?.o === 're' ? e.v : text(it, e, scope))

function substitute(it: Interpreter, args: Expr[], scope: any, all: boolean): Value {
  const re = awkRegex(pattern(it, args[0], scope), 'g')
  const by = text(it, args[1], scope)
  const target: Expr = args[2] ?? { o: 'field', a: { o: 'num', v: 0 } }
  const old = it.text(it.value(target, scope))
  let count = 0
  const next = old.replace(re, (found) => {
    if (count > 0 && !all) return found
    count += 1
    return by.replace(/\\\\&|\\&|&|\\\\/g, (m) => (m === '&' ? found : m === '\\&' ? '&' : m === '\\\\&' ? `\\${found}` : '\\'))
  })
  if (count > 0) it.assign(target, next, scope)
  return count
}

export const builtins: Readonly<Record<string, Builtin>> = {
  length(it, args, scope) {
    const [a] = args
    if (!a) return [...it.text(it.field(0))].length
    if (a.o === 'var' && it.isArray(a.name, scope)) return Object.keys(it.array(a.name, scope)).length
    return [...text(it, a, scope)].length
  },
  substr(it, args, scope) {
    const s = text(it, args[0], scope)
    const from = Math.round(number(it, args[1], scope))
    const length = args[2] ? Math.round(number(it, args[2], scope)) : Number.MAX_SAFE_INTEGER
    const start = Math.max(1, from)
    // busybox counts the length from where it begins to take.
    return s.slice(start - 1, start - 1 + Math.max(0, length))
  },
  index: (it, args, scope) => text(it, args[0], scope).indexOf(text(it, args[1], scope)) + 1,
  split(it, args, scope) {
    const s = text(it, args[0], scope)
    const name = (args[1] as Extract<Expr, { o: 'var' }>).name
    const array = it.array(name, scope)
    for (const key of Object.keys(array)) delete array[key]
    const separator = args[2] ? pattern(it, args[2], scope) : it.text(it.get('FS'))
    const parts = it.split(s, separator, args[2]?.o === 're')
    for (const [i, part] of parts.entries()) array[i + 1] = fromInput(part)
    return parts.length
  },
  sub: (it, args, scope) => substitute(it, args, scope, false),
  gsub: (it, args, scope) => substitute(it, args, scope, true),
  gensub(it, args, scope) {
    const how = text(it, args[2], scope)
    const nth = /^g/i.test(how) ? 0 : Number(how) || 1
    let count = 0
    const by = text(it, args[1], scope)
    return (args[3] ? text(it, args[3], scope) : it.text(it.field(0))).replace(
      awkRegex(pattern(it, args[0], scope), 'g'),
      (...m: any[]) => {
        count += 1
        if (nth > 0 && count !== nth) return m[0]
        return by.replace(/\\(\d)|&/g, (c, d: string) => (c === '&' ? m[0] : (m[Number(d)] ?? '')))
      },
    )
  },
  match(it, args, scope) {
    const m = awkRegex(pattern(it, args[1], scope)).exec(text(it, args[0], scope))
    it.set('RSTART', m ? m.index + 1 : 0)
    it.set('RLENGTH', m ? m[0].length : -1)
    return m ? m.index + 1 : 0
  },
  sprintf: (it, args, scope) =>
    awkFormat(
      it.sys,
      text(it, args[0], scope),
      args.slice(1).map((e) => it.value(e, scope)),
      it.convert,
    ),
  sin: (it, args, scope) => Math.sin(number(it, args[0], scope)),
  cos: (it, args, scope) => Math.cos(number(it, args[0], scope)),
  atan2: (it, args, scope) => Math.atan2(number(it, args[0], scope), number(it, args[1], scope)),
  exp: (it, args, scope) => Math.exp(number(it, args[0], scope)),
  log: (it, args, scope) => Math.log(number(it, args[0], scope)),
  sqrt: (it, args, scope) => Math.sqrt(number(it, args[0], scope)),
  int: (it, args, scope) => Math.trunc(number(it, args[0], scope)),
  rand: (it) => it.sys.kernel.random(1 << 30) / (1 << 30),
  srand(it, args, scope) {
    const before = it.state.seed
    it.state.seed = args[0] ? number(it, args[0], scope) : Math.floor(it.sys.now / 1000)
    return before
  },
  tolower: (it, args, scope) => text(it, args[0], scope).toLowerCase(),
  toupper: (it, args, scope) => text(it, args[0], scope).toUpperCase(),
  systime: (it) => Math.floor(it.sys.now / 1000),
  strftime: (it, args, scope) =>
    formatDate(args[1] ? number(it, args[1], scope) * 1000 : it.sys.now, args[0] ? text(it, args[0], scope) : '%c'),
  system: (it, args, scope) => it.system(text(it, args[0], scope)),
  close: (it, args, scope) => it.close(text(it, args[0], scope)),
  fflush: () => 0,
  and: (it, args, scope) => number(it, args[0], scope) & number(it, args[1], scope),
  or: (it, args, scope) => number(it, args[0], scope) | number(it, args[1], scope),
  xor: (it, args, scope) => number(it, args[0], scope) ^ number(it, args[1], scope),
  lshift: (it, args, scope) => number(it, args[0], scope) * 2 ** number(it, args[1], scope),
  rshift: (it, args, scope) => Math.floor(number(it, args[0], scope) / 2 ** number(it, args[1], scope)),
  compl: (it, args, scope) => ~number(it, args[0], scope) >>> 0,
}
