/** What asks for names: nslookup, as busybox has it and as it was before. */
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'

interface Resolver {
  server: string
}

export function resolver(sys: Sys): Resolver {
  const read = sys.text('/etc/resolv.conf')
  const server = failed(read) ? undefined : /^nameserver\s+(\S+)/m.exec(read.text)?.[1]
  return { server: server ?? '127.0.0.11' }
}

export const isAddress = (name: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(name)

/** What a name resolves to: an answer's lines. */
export interface Answer {
  name: string
  addresses: string[]
  /** Of a reverse look-up. */
  names?: string[]
  canonical?: string
}

export const lookup = (sys: Sys, data: any, name: string, type = 'A'): Answer | undefined => {
  const found = sys.call<Answer | string[]>(data, { kind: 'resolve', name, type })
  if (found === undefined) return undefined
  return Array.isArray(found) ? { name, addresses: found } : found
}

export const nslookup: Program = program({
  name: 'nslookup',
  usage: '[-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n\nQuery DNS about HOST',
  run(sys, data) {
    const words = sys.args.filter((word) => !word.startsWith('-'))
    const type =
      sys.args
        .find((word) => /^-(type|query|q)=/.test(word))
        ?.split('=')[1]
        ?.toUpperCase() ?? 'A'
    const [name] = words
    if (name === undefined) return sys.misuse()
    const answer = lookup(sys, data, name, isAddress(name) ? 'PTR' : type)
    if (answer === undefined) return undefined
    const server = words[1] ?? resolver(sys).server
    sys.out(`Server:\t\t${server}\nAddress:\t${server}:53\n\n`)
    if (answer.addresses.length === 0 && !answer.names?.length) {
      sys.out(`** server can't find ${answer.name}: NXDOMAIN\n\n`)
      return 1
    }
    if (answer.names?.length)
      for (const each of answer.names) sys.out(`${name.split('.').reverse().join('.')}.in-addr.arpa\tname = ${each}\n`)
    if (answer.canonical) sys.out(`${answer.name}\tcanonical name = ${answer.canonical}\n`)
    for (const ip of answer.addresses) sys.out(`Name:\t${answer.canonical ?? answer.name}\nAddress: ${ip}\n`)
    sys.out('\n')
    return 0
  },
})

/** That of busybox up to 1.28: names are taken back from addresses. */
export const oldNslookup: Program = program({
  name: 'nslookup-1.28',
  usage: '[HOST] [SERVER]\n\nQuery the nameserver for the IP address of the given HOST\noptionally using a specified DNS server',
  run(sys, data) {
    const [name, server = resolver(sys).server] = sys.args
    if (name === undefined) return sys.misuse()
    data.known ??= {}
    const nameOf = (address: string): string | undefined => {
      if (data.known[address] === undefined) {
        const found = lookup(sys, data, address, 'PTR')
        if (found === undefined) return undefined
        data.known[address] = found.names?.[0]?.replace(/\.$/, '') ?? ''
      }
      return `${address} ${data.known[address]}`.trim()
    }
    const own = nameOf(server)
    if (own === undefined) return undefined
    data.found ??= isAddress(name) ? [name] : lookup(sys, data, name)?.addresses
    if (data.found === undefined) return undefined
    const rows: string[] = []
    for (const [i, address] of data.found.entries()) {
      const row = nameOf(address)
      if (row === undefined) return undefined
      rows.push(`Address ${i + 1}: ${row}\n`)
    }
    sys.out(`Server:    ${server}\nAddress 1: ${own}\n\n`)
    if (rows.length === 0) return sys.fail(`can't resolve '${name}'`)
    sys.out(`Name:      ${name}\n${rows.join('')}`)
    return 0
  },
})
