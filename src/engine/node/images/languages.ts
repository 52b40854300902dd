/** Languages' images: without a command their prompt finds no terminal and ends; a one-liner runs; a program is taken for a server. */
import { image } from '../image.ts'

const PROMPTS = /^(python3?|node|ruby|irb|php|jshell|ghci|iex|R)$/
const base = (word: string | undefined): string => (word ?? '').slice((word ?? '').lastIndexOf('/') + 1)

/** The port of `python -m http.server [PORT]`. */
function serverPort(argv: readonly string[]): number | undefined {
  const at = argv.indexOf('http.server')
  if (at < 0) return undefined
  return Number(argv.slice(at + 1).find((word) => /^\d+$/.test(word)) ?? 8000)
}

export const languages = image<null>({
  name: 'python',
  also: ['node', 'ruby', 'php', 'golang', 'openjdk', 'eclipse-temurin', 'java', 'rust', 'gcc', 'haskell', 'elixir', 'r-base'],
  sizeMb: 120,
  system: 'debian',
  extras: ['bash', 'curl', 'getent'],
  command: ['python3'],
  words: ['python', 'python3', 'node', 'ruby', 'php', 'java', 'go', 'npm', 'irb', 'jshell'],
  start(host) {
    const [name, flag, text = ''] = host.argv
    if (flag === '-c' || flag === '-e' || flag === '-r') {
      const said = /(?:print|console\.log|puts|echo)\s*\(?\s*(?:"([^"]*)"|'([^']*)')/.exec(text)
      if (said) host.out(`${said[1] ?? said[2]}\n`)
      const code = /(?:sys\.exit|process\.exit|exit)\((\d+)\)/.exec(text)?.[1]
      host.exit(Number(code ?? 0))
    } else if (flag === '--version' || flag === '-V' || flag === '-v') {
      host.out(`${base(name)} ${host.tag}\n`)
      host.exit(0)
    } else if (PROMPTS.test(base(name)) && host.argv.length === 1 && !host.stdin) host.exit(0)
    else if (serverPort(host.argv))
      host.out(`Serving HTTP on 0.0.0.0 port ${serverPort(host.argv)} (http://0.0.0.0:${serverPort(host.argv)}/) ...\n`)
    return null
  },
  listens(_state, host) {
    const port = serverPort(host.argv)
    return port === undefined ? host.declaredPorts : [port]
  },
  http: (_request, state, host) => [{ status: 200, body: `Hello, world!\nHostname: ${host.hostname}\n` }, state],
  memoryMi: () => 20,
})
