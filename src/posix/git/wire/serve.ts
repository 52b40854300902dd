/** The other end of fetch and push: what a repository answers, whoever carries the words. */
import { bytesOf, textOf } from '#api/bytes.ts'
import { NO_ID, Objects } from '../objects.ts'
import { BRANCHES, Refs } from '../refs.ts'
import type { Store } from '../store.ts'
import { Fatal } from '../words.ts'
import { packOf, reachable, unpack } from './pack.ts'
import { type Advertised, advertisement, FLUSH, packet, untilFlush } from './packets.ts'

export type Service = 'git-upload-pack' | 'git-receive-pack'

const AGENT = 'agent=git/2.39.5'
const ABILITIES: Readonly<Record<Service, string>> = {
  'git-upload-pack': `ofs-delta ${AGENT}`,
  'git-receive-pack': `report-status delete-refs ofs-delta ${AGENT}`,
}

export class Served {
  readonly objects: Objects
  readonly refs: Refs
  /** The branch whose files lie beside it: nobody may move it from outside. */
  readonly #checkedOut: string | null

  constructor(store: Store, dir: string, checkedOut = false) {
    this.objects = new Objects(store, dir)
    this.refs = new Refs(store, dir)
    this.#checkedOut = checkedOut ? this.refs.target('HEAD') : null
  }

  #told(): Advertised {
    const refs = this.refs.list('refs/').filter(({ name }) => !name.endsWith('/HEAD'))
    const head = this.refs.get('HEAD')
    return { refs: head === undefined ? refs : [{ name: 'HEAD', id: head }, ...refs], head: this.refs.target('HEAD') }
  }

  advertise(service: Service): string {
    const told = this.#told()
    return advertisement(
      service,
      service === 'git-upload-pack' ? told : { refs: told.refs.filter(({ name }) => name !== 'HEAD'), head: null },
      ABILITIES[service],
    )
  }

  answer(service: Service, body: string): string {
    return service === 'git-upload-pack' ? this.#give(body) : this.#take(body)
  }

  /** Objects that are wanted, without those that the other side has. */
  #give(body: string): string {
    const wants: string[] = []
    const common: string[] = []
    let done = false
    for (let rest = bytesOf(body); rest.length > 0; ) {
      const part = untilFlush(rest)
      rest = part.rest
      for (const line of part.packets) {
        const [word = '', id = ''] = line.trim().split(' ')
        if (word === 'want') wants.push(id)
        else if (word === 'have' && this.objects.has(id)) common.push(id)
        else if (word === 'done') done = true
      }
    }
    const known = packet(common.length > 0 ? `ACK ${common[0]}\n` : 'NAK\n')
    if (!done) return known
    return known + textOf(packOf(this.objects, reachable(this.objects, wants, common)))
  }

  /** Takes objects, and moves names as it is told. */
  #take(body: string): string {
    const { packets, rest } = untilFlush(bytesOf(body))
    const orders = packets.map((line) => {
      const [old = '', now = '', name = ''] = (line.split('\0')[0] ?? '').trim().split(' ')
      return { old, now, name }
    })
    let trouble = ''
    try {
      if (rest.length > 0) unpack(this.objects, rest)
    } catch (error) {
      if (!(error instanceof Fatal)) throw error
      trouble = error.message
    }
    const said = orders.map((order) => packet(trouble ? `ng ${order.name} unpacker error\n` : this.#order(order)))
    return `${packet(trouble ? `unpack ${trouble}\n` : 'unpack ok\n')}${said.join('')}${FLUSH}`
  }

  #order({ old, now, name }: { old: string; now: string; name: string }): string {
    if (name === this.#checkedOut) return `ng ${name} branch is currently checked out\n`
    if ((this.refs.get(name) ?? NO_ID) !== old) return `ng ${name} failed to update ref\n`
    if (now === NO_ID && name.startsWith(BRANCHES) && name === this.refs.target('HEAD'))
      return `ng ${name} deletion of the current branch prohibited\n`
    if (now === NO_ID) this.refs.remove(name)
    else {
      const why = this.refs.set(name, now)
      if (why) return `ng ${name} failed to update ref\n`
    }
    return `ok ${name}\n`
  }
}
