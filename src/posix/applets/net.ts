/** Programs about names and connections: ping, nc, telnet, host, dig. */
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { interfaceApplets } from './interfaces.ts'
import { isAddress, lookup, nslookup, oldNslookup, resolver } from './nslookup.ts'
import { parseArgs, wrongOption } from './text-io.ts'
import type { WebOutcome } from './web.ts'

const ping = program({
  name: 'ping',
  also: ['ping6'],
  usage: '[OPTIONS] HOST\n\nSend ICMP ECHO_REQUESTs to HOST',
  run(sys, data) {
    if (!data.host) {
      const parsed = parseArgs(sys.args, '46qAn', 'cisWwIt')
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      const [host] = parsed.rest
      if (host === undefined) return sys.misuse()
      Object.assign(data, {
        host,
        count: Number(parsed.values['c'] ?? -1),
        wait: Number(parsed.values['i'] ?? 1) * 1000,
        deadline: parsed.values['w'] ? sys.now + Number(parsed.values['w']) * 1000 : null,
        sent: 0,
        got: 0,
        patience: Number(parsed.values['W'] ?? 10) * 1000,
      })
    }
    if (data.address === undefined) {
      const answer = isAddress(data.host) ? { addresses: [data.host] } : lookup(sys, data, data.host)
      if (answer === undefined) return undefined
      if (answer.addresses.length === 0) return sys.fail(`bad address '${data.host}'`)
      data.address = answer.addresses[0]
      sys.out(`PING ${data.host} (${data.address}): 56 data bytes\n`)
    }
    for (;;) {
      if (data.until !== undefined && !sys.until(data.until)) return undefined
      if ((data.count >= 0 && data.sent >= data.count) || (data.deadline !== null && sys.now >= data.deadline))
        return pingEnd(sys, data)
      const alive = sys.call<boolean>(data, { kind: 'ping', address: data.address })
      if (alive === undefined) return undefined
      if (alive) {
        sys.out(
          `64 bytes from ${data.address}: seq=${data.sent} ttl=63 time=0.${String(60 + sys.kernel.random(60)).padStart(3, '0')} ms\n`,
        )
        data.got += 1
      }
      data.sent += 1
      const last = data.count >= 0 && data.sent >= data.count
      data.until = sys.now + (last ? (alive ? 0 : data.patience) : data.wait)
    }
  },
  signal(sys, data, signal) {
    if (signal !== 'INT' || data?.address === undefined) return 'default'
    sys.kernel.exit(sys.proc, pingEnd(sys, data))
    return 'handled'
  },
})

function pingEnd(sys: Sys, data: any): number {
  const lost = data.sent === 0 ? 0 : Math.round((100 * (data.sent - data.got)) / data.sent)
  sys.out(
    `\n--- ${data.host} ping statistics ---\n${data.sent} packets transmitted, ${data.got} packets received, ${lost}% packet loss\n${data.got > 0 ? 'round-trip min/avg/max = 0.061/0.085/0.118 ms\n' : ''}`,
  )
  return data.got > 0 ? 0 : 1
}

const nc = program({
  name: 'nc',
  also: ['netcat', 'ncat'],
  usage: '[OPTIONS] HOST PORT  - connect\nnc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen',
  run(sys, data) {
    if (!data.words) {
      const parsed = parseArgs(sys.args, 'lzvnuktNq', 'pwiWs')
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      Object.assign(data, { words: parsed.rest, flags: [...parsed.flags].join(''), values: parsed.values, input: '' })
    }
    if (data.flags.includes('l')) return listen(sys, data)
    const [host, port] = data.words
    if (host === undefined || port === undefined) return sys.misuse()
    // A datagram needs no connection.
    if (data.outcome === undefined && data.flags.includes('u')) Object.assign(data, { outcome: { ok: true }, until: 0 })
    if (data.outcome === undefined) {
      const outcome = sys.call<{ ok: boolean; why?: string; address?: string }>(data, {
        kind: 'connect',
        host,
        port: Number(port),
        udp: data.flags.includes('u'),
      })
      if (outcome === undefined) return undefined
      data.outcome = outcome
      data.until = sys.now + (outcome.why === 'timeout' ? Number(data.values.w ?? 127) * 1000 : 0)
    }
    if (!sys.until(data.until)) return undefined
    const { ok, why, address = host } = data.outcome
    if (!ok) {
      if (why === 'no such host') return sys.fail(`bad address '${host}'`)
      if (why === 'timeout' && data.values.w)
        return data.flags.includes('v')
          ? sys.fail(`${host} (${address}:${port}): Operation timed out`.replace('Operation', 'Connection'))
          : 1
      const words =
        why === 'connection refused' ? 'Connection refused' : why === 'timeout' ? 'Connection timed out' : 'Host is unreachable'
      return sys.fail(
        data.flags.includes('v') || !data.flags.includes('z')
          ? `${isAddress(host) ? `${host} (${host}:${port})` : `${host} (${address}:${port})`}: ${words}`
          : '',
        1,
      )
    }
    if (data.flags.includes('v') && !data.told) sys.err(`${host} (${address}:${port}) open\n`)
    data.told = true
    if (data.flags.includes('z')) return 0
    return talk(sys, data, host, Number(port))
  },
})

/** Sends all of its input as one request, and prints the answer. */
function talk(sys: Sys, data: any, host: string, port: number): number | undefined {
  for (;;) {
    const piece = sys.read(0)
    if (piece === undefined) return undefined
    if (piece === null) break
    data.input += piece
  }
  const m = /^([A-Z]+) (\S+) HTTP\/1\.[01]\r?\n([^]*?)\r?\n\r?\n([^]*)$/.exec(data.input)
  if (data.flags.includes('u')) return send(sys, data, host, port, 'UDP')
  if (!m) return send(sys, data, host, port, 'TCP')
  const headers = Object.fromEntries(
    (m[3] as string)
      .split(/\r?\n/)
      .map((line) => [line.split(':')[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 1).trim()]),
  )
  const outcome = sys.call<WebOutcome>(data, {
    kind: 'http',
    host,
    port,
    request: { method: m[1], path: m[2], headers, ...(m[4] ? { body: m[4] } : {}) },
  })
  if (outcome === undefined) return undefined
  if (!outcome.ok) return 1
  const { status, body, headers: own = {} } = outcome.reply
  sys.out(
    `HTTP/1.1 ${status} OK\r\n${Object.entries({ ...own, 'content-length': body.length })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n${body}`,
  )
  return 0
}

/** One datagram, or all that is sent over a connection, and what comes back. */
function send(sys: Sys, data: any, host: string, port: number, transport: 'UDP' | 'TCP'): number | undefined {
  if (data.code === undefined) {
    const request = { method: '', transport, path: '', body: data.input }
    const outcome = sys.call<WebOutcome>(data, { kind: 'http', host, port, request })
    if (outcome === undefined) return undefined
    if (outcome.ok) sys.out(outcome.reply.body)
    data.code = outcome.ok ? 0 : 1
    // Nobody ends a conversation of datagrams: as long as it was told to wait, more could come.
    data.until = sys.now + (transport === 'UDP' ? Number(data.values.w ?? 0) * 1000 : 0)
  }
  return sys.until(data.until) ? data.code : undefined
}

/** Waits for a client; what it sends is printed, what is on the input is the answer. */
function listen(sys: Sys, data: any): number | undefined {
  const port = Number(data.values.p ?? data.words.at(-1))
  if (!(port > 0)) return sys.misuse()
  const { state } = sys.kernel
  if (!data.listening) {
    if (state.listeners.some((l) => l.port === port)) return sys.fail('bind: Address already in use')
    state.listeners.push({ port, pid: sys.proc.pid })
    data.listening = true
  }
  for (;;) {
    const piece = sys.proc.fds[0] === undefined ? null : sys.read(0)
    if (piece === null || piece === undefined) break
    data.input += piece
  }
  sys.proc.state = 'run'
  const connection = state.connections.find((c) => c.pid === sys.proc.pid && !c.closed)
  if (!connection) {
    sys.kernel.park(sys.proc, `port:${port}`)
    return undefined
  }
  sys.out(connection.input)
  connection.output += data.input
  connection.closed = true
  if (data.flags.includes('k')) {
    data.input = ''
    sys.kernel.park(sys.proc, `port:${port}`)
    return undefined
  }
  return 0
}

const telnet = program({
  name: 'telnet',
  usage: '[-a] [-l USER] HOST [PORT]\n\nConnect to telnet server',
  run(sys, data) {
    const [host, port = '23'] = sys.args.filter((word) => !word.startsWith('-'))
    if (host === undefined) return sys.misuse()
    const outcome = sys.call<{ ok: boolean; why?: string }>(data, { kind: 'connect', host, port: Number(port) })
    if (outcome === undefined) return undefined
    if (!outcome.ok)
      return sys.fail(
        outcome.why === 'no such host'
          ? `bad address '${host}'`
          : `can't connect to remote host (${host}): ${outcome.why === 'timeout' ? 'Connection timed out' : 'Connection refused'}`,
      )
    sys.out(`Connected to ${host}\n\nEntering character mode\nEscape character is '^]'.\n\n`)
    return 0
  },
})

const dig = program({
  name: 'dig',
  run(sys, data) {
    const words = sys.args.filter((word) => !/^[+@-]/.test(word) && !/^(A|AAAA|SRV|CNAME|ANY|PTR|TXT|IN)$/i.test(word))
    const name = words[0] ?? '.'
    const type =
      sys.args.find((word) => /^(A|AAAA|SRV|CNAME|PTR)$/i.test(word))?.toUpperCase() ?? (sys.args.includes('-x') ? 'PTR' : 'A')
    // dig takes names as they are, unless told to search.
    const asked = sys.args.includes('+search') || sys.args.includes('-x') || name.endsWith('.') ? name : `${name}.`
    const answer = lookup(sys, data, asked, type)
    if (answer === undefined) return undefined
    const short = sys.args.includes('+short')
    const aliases = answer.canonical && type !== 'CNAME' ? [`${answer.canonical}.`] : []
    const records = type === 'PTR' ? (answer.names ?? []).map((each) => `${each}.`) : (answer.names ?? answer.addresses)
    const bare = sys.args.includes('+noall') && sys.args.includes('+answer')
    const rows = records.map((each) => `${answer.name.replace(/\.$/, '')}.\t30\tIN\t${type}\t${each}\n`).join('')
    if (bare) sys.out(rows)
    else if (short) sys.out([...aliases, ...records].map((each) => `${each}\n`).join(''))
    else {
      const { server } = resolver(sys)
      const full = answer.name.endsWith('.') ? answer.name : `${answer.name}.`
      sys.out(
        `\n; <<>> DiG 9.18 <<>> ${sys.args.join(' ')}\n;; global options: +cmd\n;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: ${records.length > 0 ? 'NOERROR' : 'NXDOMAIN'}, id: 1\n\n;; QUESTION SECTION:\n;${full}\t\tIN\t${type}\n\n${records.length > 0 ? `;; ANSWER SECTION:\n${records.map((each) => `${full}\t30\tIN\t${type}\t${each}\n`).join('')}\n` : ''};; Query time: 0 msec\n;; SERVER: ${server}#53(${server})\n\n`,
      )
    }
    return 0
  },
})

const host = program({
  name: 'host',
  run(sys, data) {
    const name = sys.args.filter((word) => !word.startsWith('-'))[0] ?? ''
    const answer = lookup(sys, data, name)
    if (answer === undefined) return undefined
    if (answer.addresses.length === 0) {
      sys.out(`Host ${name} not found: 3(NXDOMAIN)\n`)
      return 1
    }
    for (const ip of answer.addresses) sys.out(`${answer.name} has address ${ip}\n`)
    return 0
  },
})

const netstat = program({
  name: 'netstat',
  also: ['ss'],
  usage: '[-ral] [-tuwx] [-en]',
  run(sys, data) {
    const { flags } = parseArgs(sys.args, 'ralntuwxepWH46io', '')
    const ports = sys.call<number[]>(data, { kind: 'ports' })
    if (ports === undefined) return undefined
    const all = [...new Set([...ports, ...sys.kernel.state.listeners.map((l) => l.port)])].sort((a, b) => a - b)
    const any = ['t', 'u', 'w', 'x'].every((flag) => !flags.has(flag))
    const which = flags.has('l') ? 'only servers' : flags.has('a') ? 'servers and established' : 'w/o servers'
    if (any || ['t', 'u', 'w'].some((flag) => flags.has(flag)))
      sys.out(
        `Active Internet connections (${which})\nProto Recv-Q Send-Q Local Address           Foreign Address         State       \n`,
      )
    // Connections are over as soon as they are answered: only who listens can be seen.
    if (flags.has('l') || flags.has('a') || sys.name === 'ss')
      for (const kind of SOCKETS)
        if (any || flags.has(kind.flag))
          for (const port of all.filter((each) => Math.floor(each / PORTS) === kind.at))
            sys.out(`${socketRow(kind.name, port % PORTS, kind.state)}\n`)
    if (any || flags.has('x'))
      sys.out(`Active UNIX domain sockets (${which})\nProto RefCnt Flags       Type       State         I-Node Path\n`)
    return 0
  },
})

/** Ports of datagrams are numbered above those of TCP. */
const PORTS = 65_536
const SOCKETS = [
  { name: 'tcp', flag: 't', at: 0, state: 'LISTEN' },
  { name: 'udp', flag: 'u', at: 1, state: '' },
] as const

const socketRow = (name: string, port: number, state: string): string =>
  `${name.padEnd(5)}      0      0 ${`0.0.0.0:${port}`.padEnd(23)} ${'0.0.0.0:*'.padEnd(23)} ${state.padEnd(12)}`

const httpd = program({
  name: 'httpd',
  usage: '[-ifv[v]] [-c CONFFILE] [-p [IP:]PORT] [-u USER[:GRP]] [-r REALM] [-h HOME]',
  run(sys, data) {
    if (!data.port) {
      const parsed = parseArgs(sys.args, 'ifv', 'cpurh')
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      const port = Number((parsed.values['p'] ?? '80').split(':').pop())
      if (sys.kernel.state.listeners.some((l) => l.port === port)) return sys.fail('bind: Address already in use')
      if (!parsed.flags.has('f')) {
        // It goes on in the background.
        const child = sys.spawn([...sys.argv.slice(0, 1), '-f', ...sys.args])
        if (child) child.ppid = 1
        return 0
      }
      sys.kernel.state.listeners.push({ port, pid: sys.proc.pid })
      Object.assign(data, { port, home: parsed.values['h'] ?? sys.proc.cwd })
    }
    return sys.forever()
  },
  http: (sys, { home }, { path: asked }) => {
    const path = decodeURIComponent(asked.split('?')[0] ?? '/').replaceAll('..', '')
    const read = sys.text(`${home}${path.endsWith('/') ? `${path}index.html` : path}`)
    return failed(read) ? { status: 404, body: NOT_FOUND } : { status: 200, body: read.text }
  },
})

const NOT_FOUND =
  '<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY><H1>404 Not Found</H1>\nThe requested URL was not found\n</BODY></HTML>\n'

export const netApplets: readonly Program[] = [nslookup, ping, nc, telnet, ...interfaceApplets, netstat, httpd]
export const dnsPrograms: readonly Program[] = [dig, host, oldNslookup]
