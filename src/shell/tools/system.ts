/** echo, cat, date, sleep, base64, mkdir, rm, ls, sh, true, false: what touches files and time. */
import { formatTime } from '#api/time.ts'
import { letters, type Tool, texts } from './tool.ts'

const echo: Tool = {
  name: 'echo',
  async run(args, { out }) {
    const bare = args[0] === '-n'
    out(`${(bare ? args.slice(1) : args).join(' ')}${bare ? '' : '\n'}`)
    return 0
  },
}

const cat: Tool = {
  name: 'cat',
  async run(args, streams, around) {
    const text = texts('cat', letters(args).rest, streams, around)
    if (text === undefined) return 1
    streams.out(text)
    return 0
  },
}

const date: Tool = {
  name: 'date',
  async run(_args, { out }, { now }) {
    out(`${formatTime(now())}\n`)
    return 0
  },
}

const sleep: Tool = {
  name: 'sleep',
  async run([seconds = ''], { err }, around) {
    if (!/^\d+(\.\d+)?s?$/.test(seconds)) {
      err(`sleep: invalid time interval '${seconds}'\n`)
      return 1
    }
    await around.sleep(Number.parseFloat(seconds) * 1000)
    return 0
  },
}

const base64: Tool = {
  name: 'base64',
  async run(args, streams, around) {
    const decode = args.some((arg) => arg === '-d' || arg === '--decode')
    const text = texts(
      'base64',
      args.filter((arg) => !arg.startsWith('-')),
      streams,
      around,
    )
    if (text === undefined) return 1
    try {
      streams.out(
        decode
          ? new TextDecoder().decode(Uint8Array.from(atob(text.trim()), (c) => c.charCodeAt(0)))
          : `${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}\n`,
      )
      return 0
    } catch {
      streams.err('base64: invalid input\n')
      return 1
    }
  },
}

const mkdir: Tool = {
  name: 'mkdir',
  async run(args, _streams, { files }) {
    for (const path of letters(args).rest) files.makeDirectory(path)
    return 0
  },
}

const rm: Tool = {
  name: 'rm',
  async run(args, { err }, { files }) {
    let status = 0
    const { flags, rest } = letters(args)
    for (const path of rest) {
      if (files.remove(path) || flags.has('f')) continue
      err(`rm: cannot remove '${path}': No such file or directory\n`)
      status = 1
    }
    return status
  },
}

const ls: Tool = {
  name: 'ls',
  async run(args, streams, { files }) {
    const [path = '.'] = letters(args).rest
    const names = files.list(path) ?? (files.find(path) === undefined ? null : [path])
    if (!names) {
      streams.err(`ls: cannot access '${path}': No such file or directory\n`)
      return 2
    }
    streams.out(names.map((name) => `${name}\n`).join(''))
    return 0
  },
}

/** `sh -c TEXT NAME ARGS…`, `sh FILE ARGS…`, or what comes in. */
const sh: Tool = {
  name: 'sh',
  async run(args, streams, { run, files }) {
    const [first, ...rest] = args.filter((arg, i) => !(i === 0 && /^-[eux]+$/.test(arg)))
    if (first === '-c') return run(rest[0] ?? '', [rest[1] ?? 'sh', ...rest.slice(2)])
    if (first === undefined || first === '-') return run(streams.input, ['sh'])
    const text = files.find(first)
    if (text !== undefined) return run(text, [first, ...rest])
    streams.err(`sh: ${first}: No such file or directory\n`)
    return 127
  },
}

const constant = (name: string, status: number): Tool => ({ name, run: async () => status })

export const system: readonly Tool[] = [
  echo,
  cat,
  date,
  sleep,
  base64,
  mkdir,
  rm,
  ls,
  sh,
  { ...sh, name: 'bash' },
  constant('true', 0),
  constant('false', 1),
]
