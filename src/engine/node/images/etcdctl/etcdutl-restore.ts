/** `etcdutl snapshot restore`: checks a snapshot, and makes of it the data directory of a member of a new cluster (etcdutl/snapshot/v3_snapshot.go). */
import { bytesOf } from '#api/bytes.ts'
import { formatTime } from '#api/time.ts'
import { clusterId, hexId, memberId } from '../../../machinery/etcd-identity.ts'
import { type Database, databaseIn, databaseText, parted, sumOf } from '../../../machinery/etcd-snapshot.ts'
import type { Host } from '../../programs/program.ts'
import { CODES, Exit, wrong } from './command-line.ts'

const MAP_SIZE = '10737418240'
/** What is shorter holds no sum. */
const SUM_BYTES = 32
/** Of the log that begins with a restored member nothing is kept here. */
const WAL = '0000000000000000-0000000000000000.wal'
const SNAP = '0000000000000001-0000000000000001.snap'

interface Source {
  database: Database
  size: number
}

type Flags = Readonly<Record<string, string>>

const fail = (why: string): Exit => wrong(CODES.error, why)

/** types.NewURLs. */
function checkUrls(urls: readonly string[]): void {
  for (const url of urls) {
    if (/^[^:/]*\.[^:/]*:|^\d[^/]*:/.test(url))
      throw fail(`parse ${JSON.stringify(url)}: first path segment in URL cannot contain colon`)
    const [, scheme = ''] = /^(\w+):/.exec(url) ?? []
    if (/^unixs?$/.test(scheme)) continue
    if (!/^https?$/.test(scheme)) throw fail(`URL scheme must be http, https, unix, or unixs: ${url}`)
    const [, host = '', path = ''] = /^\w+:\/\/([^/]*)(.*)$/.exec(url) ?? []
    if (!/:\d*$/.test(host)) throw fail(`URL address does not have the form "host:port": ${url}`)
    if (path !== '') throw fail(`URL must not contain a path: ${url}`)
  }
}

/** `a=http://a:2380,b=http://b:2380` (types.NewURLsMap). */
function membersIn(text: string): Record<string, string[]> {
  const members: Record<string, string[]> = {}
  for (const each of text.split(',').filter(Boolean)) {
    const [name = '', url = ''] = each.split(/=(.*)/)
    members[name] = [...(members[name] ?? []), url]
  }
  for (const urls of Object.values(members)) checkUrls(urls)
  return members
}

class Restoring {
  readonly #host: Host
  readonly #flags: Flags
  readonly path: string

  constructor(path: string, flags: Flags, host: Host) {
    this.path = path
    this.#flags = flags
    this.#host = host
  }

  #flag(name: string, otherwise = ''): string {
    return this.#flags[name] || otherwise
  }
  get name(): string {
    return this.#flags['name'] ?? 'default'
  }
  get dir(): string {
    return this.#flag('data-dir', `${this.name}.etcd`)
  }
  get snapDir(): string {
    return `${this.dir}/member/snap`
  }
  get walDir(): string {
    return this.#flag('wal-dir', `${this.dir}/member/wal`)
  }

  #log(caller: string, msg: string, more?: object): void {
    const ts = formatTime(this.#host.now)
    const fields = more
      ? `\t${JSON.stringify(more, null, 1)
          .replace(/\n\s*/g, ' ')
          .replace(/([{[]) | ([}\]])/g, '$1$2')}`
      : ''
    this.#host.out(`${ts}\tinfo\t${caller}\t${msg}${fields}\n`, 'stderr')
  }
  #told(caller: string, msg: string): void {
    const line = { path: this.path, 'wal-dir': this.walDir, 'data-dir': this.dir, 'snap-dir': this.snapDir }
    this.#log(caller, msg, { ...line, 'initial-memory-map-size': Number(this.#flag('initial-memory-map-size', MAP_SIZE)) })
  }
  /** bbolt opens the new database, as it does again and again. */
  #opened(): void {
    const db = `${this.snapDir}/db`
    const pointer = this.#host.random(2 ** 31).toString(16)
    this.#log(
      'bbolt\tbackend/backend.go:203',
      `Opening db file (${db}) with mode -rw------- and with options: {Timeout: 0s, NoGrowSync: false, NoFreelistSync: true, PreLoadFreelist: false, FreelistType: , ReadOnly: false, MmapFlags: 8000, InitialMmapSize: ${MAP_SIZE}, PageSize: 0, NoSync: false, OpenFile: 0x0, Mlock: false, Logger: 0x2a0${pointer}}`,
    )
    this.#log('bbolt\tbbolt@v1.4.3/db.go:322', `Opening bbolt db (${db}) successfully`)
  }

  #full(path: string): string {
    return path.startsWith('/') ? path : `/${path}`
  }
  #exists(path: string): boolean {
    return typeof this.#host.files.stat(this.#full(path)) !== 'string'
  }
  #make(path: string): void {
    const full = this.#full(path)
    const above = full.replace(/\/[^/]*\/*$/, '')
    if (above !== '' && !this.#host.files.isDirectory(above)) this.#make(above)
    if (this.#host.files.isDirectory(full)) return
    if (this.#exists(full)) throw fail(`mkdir ${path}: not a directory`)
    const why = this.#host.files.makeDirectory(full.replace(/\/+$/, ''), 0o700)
    if (why !== '') throw fail(`mkdir ${path}: ${why.toLowerCase()}`)
  }

  /** ServerConfig.VerifyBootstrap, before anything is said. */
  members(): Record<string, string[]> {
    const own = this.#flag('initial-advertise-peer-urls', 'http://localhost:2380')
      .split(',')
      .map((url) => url.trim())
    checkUrls(own)
    const text = this.#flag('initial-cluster', 'default=http://localhost:2380')
    const members = membersIn(text)
    const listed = members[this.name]
    if (!listed) throw fail(`couldn't find local name ${JSON.stringify(this.name)} in the initial cluster configuration`)
    this.#matches(listed, own)
    const urls = Object.values(members).flat()
    if (new Set(urls).size < urls.length) throw fail(`initial cluster ${text} has duplicate url`)
    return members
  }

  #matches(listed: readonly string[], own: readonly string[]): void {
    const missing = listed.filter((url) => !own.includes(url)).map((url) => `${this.name}=${url}`)
    const [a, b] = [own.toSorted(), listed.toSorted()]
    if (a.join() === b.join()) return
    const quoted = (urls: readonly string[]): string => `[${urls.map((url) => JSON.stringify(url)).join(' ')}]`
    const at = a.findIndex((url, i) => url !== b[i])
    const why =
      a.length === b.length
        ? `resolved urls: ${JSON.stringify(a[at])} != ${JSON.stringify(b[at])}`
        : `len(${quoted(a)}) != len(${quoted(b)})`
    if (a.length === b.length) for (const url of [...own, ...listed]) this.#resolved(url)
    if (missing.length > 0)
      throw fail(
        `--initial-cluster has ${missing.join(',')} but missing from --initial-advertise-peer-urls=${a.join(',')} (${why})`,
      )
    const extra = own.filter((url) => !listed.includes(url))
    throw fail(
      `--initial-advertise-peer-urls has ${extra.join(',')} but missing from --initial-cluster=${own.map((url) => `${this.name}=${url}`).join(',')}`,
    )
  }

  #resolved(url: string): void {
    const [, host = ''] = /^\w+:\/\/(.*)$/.exec(url) ?? []
    if (/^[\d.]+:/.test(host)) this.#log('netutil/netutil.go:113', 'resolved URL Host', { url, host, 'resolved-addr': host })
  }

  checkPlace(): void {
    const full = this.#full(this.dir)
    if (this.#exists(this.dir) && this.#host.files.list(full)?.length !== 0)
      throw fail(`data-dir ${JSON.stringify(this.dir)} not empty or could not be read`)
    if (this.#flag('wal-dir') && this.#exists(this.walDir)) throw fail(`wal-dir ${JSON.stringify(this.walDir)} exists`)
  }

  /** copyAndVerifyDB. */
  source(): Source {
    this.#told('snapshot/v3_snapshot.go:305', 'restoring snapshot')
    const { files } = this.#host
    const text = files.read(this.#full(this.path))
    if (text === undefined) {
      if (files.isDirectory(this.#full(this.path))) throw fail(`read ${this.path}: is a directory`)
      const why = files.unreadable(this.#full(this.path)).toLowerCase() || 'no such file or directory'
      throw fail(`open ${this.path}: ${why}`)
    }
    if (text.length < SUM_BYTES) throw fail(`seek ${this.path}: invalid argument`)
    const { body, sum } = parted(text)
    if (this.#flags['skip-hash-check'] !== 'true') {
      if (sum === null) throw fail('snapshot missing hash but --skip-hash-check=false')
      const is = sumOf(body)
      if (is !== sum) throw fail(`expected sha256 ${bytes(sum)}, got ${bytes(is)}`)
    }
    const database = databaseIn(text)
    // The real one panics there.
    if (!database || database.live !== undefined) throw new Exit(2, `panic: failed to open database\n`)
    return { database, size: bytesOf(body).length }
  }

  write({ database, size }: Source, members: Record<string, string[]>): void {
    this.#make(this.snapDir)
    this.#make(this.walDir)
    this.#opened()
    this.#log('schema/membership.go:138', 'Trimming membership information from the backend...')
    const revision = this.#bumped(database.revision)
    // A revision without a key marks how far it was raised.
    const total = database.total + (revision > database.revision ? 1 : 0)
    this.#opened()
    const token = this.#flag('initial-cluster-token', 'etcd-cluster')
    const ids = Object.entries(members).map(([name, urls]) => ({ name, urls, id: memberId(urls, token) }))
    const cluster = clusterId(ids.map(({ id }) => id))
    for (const { id, urls } of ids.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1)))
      this.#log('membership/cluster.go:424', 'added member', {
        'cluster-id': hexId(cluster),
        'local-member-id': '0',
        'added-peer-id': hexId(id),
        'added-peer-peer-urls': urls,
        'added-peer-is-learner': false,
      })
    this.#opened()
    const id = ids.find(({ name }) => name === this.name)?.id ?? '0'
    const restored = { member: this.name, id, cluster, peers: members }
    const place = (path: string, text: string, mode: number): void => {
      const why = this.#host.files.write(this.#full(path), text, mode)
      if (why !== '') throw fail(`open ${path}: ${why.toLowerCase()}`)
    }
    place(`${this.snapDir}/db`, databaseText({ ...database, revision, total, restored }, size), 0o600)
    place(`${this.snapDir}/${SNAP}`, '', 0o644)
    place(`${this.walDir}/${WAL}`, '', 0o600)
    this.#told('snapshot/v3_snapshot.go:333', 'restored snapshot')
  }

  #bumped(revision: number): number {
    const amount = Number(this.#flag('bump-revision', '0'))
    if (amount === 0) return revision
    this.#opened()
    const latest = { 'latest-revision': revision, 'bump-amount': amount, 'new-latest-revision': revision + amount }
    this.#log('snapshot/v3_snapshot.go:396', 'bumping latest revision', latest)
    this.#log('snapshot/v3_snapshot.go:413', 'marking revision compacted', { revision: revision + amount })
    return revision + amount
  }
}

/** As Go prints bytes. */
const bytes = (hex: string): string => `[${(hex.match(/../g) ?? []).map((each) => Number.parseInt(each, 16)).join(' ')}]`

export function restore(args: readonly string[], flags: Flags, host: Host): void {
  const [path = ''] = args
  if (args.length !== 1) throw wrong(CODES.arguments, 'snapshot restore requires exactly one argument')
  const bumps = Number(flags['bump-revision'] ?? 0) > 0
  if (bumps !== (flags['mark-compacted'] === 'true'))
    throw wrong(CODES.arguments, '--mark-compacted required if --revision-bump > 0')
  const restoring = new Restoring(path, flags, host)
  const members = restoring.members()
  restoring.checkPlace()
  restoring.write(restoring.source(), members)
}
