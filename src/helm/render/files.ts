/** `.Files`: a chart's other files, as templates see them. */
import { toYaml } from '#api/yaml.ts'
import { fn, GoObject } from '#gotemplate/index.ts'
import type { ChartFile } from '../chart/chart.ts'
import { base64 } from './functions/hashes.ts'

/** gobwas/glob with `/` as separator: one star stays within a name, two do not. */
function globOf(pattern: string): RegExp {
  let out = ''
  let braces = 0
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string
    if (c === '*') {
      if (pattern[i + 1] === '*') i += 1
      out += pattern[i - 1] === '*' && pattern[i] === '*' ? '.*' : '[^/]*'
    } else if (c === '?') out += '[^/]'
    else if (c === '{') {
      braces += 1
      out += '(?:'
    } else if (c === '}' && braces > 0) {
      braces -= 1
      out += ')'
    } else if (c === ',' && braces > 0) out += '|'
    else if (c === '[') {
      const end = pattern.indexOf(']', i)
      out += end < 0 ? '\\[' : pattern.slice(i, end + 1).replace('[!', '[^')
      if (end > 0) i = end
    } else if (c === '\\' && i + 1 < pattern.length) out += `\\${pattern[++i]}`
    else out += c.replace(/[.+^$()|\]\\]/g, '\\$&')
  }
  return new RegExp(`^${out}$`, 's')
}

const base = (name: string): string => name.split('/').at(-1) as string
const yaml = (map: Record<string, string>): string => toYaml(map).replace(/\n$/, '')

export function filesValue(files: readonly ChartFile[]): GoObject {
  const map = Object.fromEntries(files.map(({ name, data }) => [name, data]))
  const get = (name: string): string => (Object.hasOwn(map, name) ? (map[name] as string) : '')
  return new GoObject('engine.files', {
    map,
    methods: {
      Get: fn(['string'], get),
      GetBytes: fn(['string'], get),
      Glob: fn(['string'], (pattern: string) => {
        const expression = globOf(pattern)
        return filesValue(files.filter(({ name }) => expression.test(name)))
      }),
      AsConfig: fn([], () => yaml(Object.fromEntries(files.map(({ name, data }) => [base(name), data])))),
      AsSecrets: fn([], () => yaml(Object.fromEntries(files.map(({ name, data }) => [base(name), base64(data)])))),
      Lines: fn(['string'], (name: string) => {
        const text = get(name)
        return text === '' ? [] : text.replace(/\n$/, '').split('\n')
      }),
    },
  })
}
