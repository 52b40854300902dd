/** etcdctl lease: grants, revocations, what is left of them, and renewals that go on. */
import { hexId } from '../../../machinery/etcd-identity.ts'
import type { Said } from '../../../machinery/etcd-messages.ts'
import { wordsOf } from './client.ts'
import { CODES, Exit, wrong } from './command-line.ts'
import { asked, type Command, ended, hexNumber, isSet, type Run } from './run.ts'
import { headerFields, quoted, shown, unsupported } from './show.ts'

const shownId = (id: string): string => hexId(id).padStart(16, '0')

function idOf({ line }: Run, missing: string): string {
  const [word] = line.args
  if (word === undefined) throw wrong(CODES.arguments, missing)
  const number = hexNumber(word)
  if ('why' in number) throw wrong(CODES.arguments, `bad lease ID arg (${number.why}), expecting ID in Hex`)
  return number.id
}

/** Go has the header's fields among the answer's own here. */
const flat = ({ cluster_id: cluster, member_id: member, revision, raft_term: term }: Said, more: string): string =>
  `{"cluster_id":${cluster},"member_id":${member},"revision":${revision},"raft_term":${term},${more}}\n`

function printed({ look }: Run, said: Said, forms: { simple: string; json: string; fields: string }): string {
  const { header } = said
  if (look.format === 'json') return flat(header, forms.json)
  if (look.format === 'fields') return headerFields(header, look.hex) + forms.fields
  if (look.format !== 'simple') throw unsupported(look.format)
  return forms.simple
}

const grant: Command = (run) => {
  const [word] = run.line.args
  if (run.line.args.length !== 1 || word === undefined) throw wrong(CODES.arguments, 'lease grant command needs TTL argument')
  if (!/^[-+]?\d+$/.test(word))
    throw wrong(CODES.arguments, `bad TTL (strconv.ParseInt: parsing ${JSON.stringify(word)}: invalid syntax)`)
  const said = asked(run, 'Lease/LeaseGrant', { TTL: Number(word) }, (words) => `failed to grant lease (${words})`)
  const { ID = '0', TTL = 0 } = said
  const simple = `lease ${shownId(ID)} granted with TTL(${TTL}s)\n`
  return ended(
    printed(run, said, { simple, json: `"ID":${ID},"TTL":${TTL},"Error":""`, fields: `"ID" : ${ID}\n"TTL" : ${TTL}\n` }),
  )
}

const revoke: Command = (run) => {
  if (run.line.args.length !== 1) throw wrong(CODES.arguments, 'lease revoke command needs 1 argument')
  const id = idOf(run, '')
  const said = asked(run, 'Lease/LeaseRevoke', { ID: id }, (words) => `failed to revoke lease (${words})`)
  return ended(shown('Lease/LeaseRevoke', said, run.look, () => `lease ${shownId(id)} revoked\n`))
}

const timeToLive: Command = (run) => {
  const id = idOf(run, 'lease timetolive command needs lease ID as argument')
  const withKeys = isSet(run, 'keys')
  const said = asked(run, 'Lease/LeaseTimeToLive', { ID: id, keys: withKeys })
  const { TTL = 0, grantedTTL = 0, keys = [] } = said
  const list = keys.map((key: string) => quoted(key).slice(1, -1)).join(' ')
  const simple =
    grantedTTL === 0 && TTL === -1
      ? `lease ${shownId(id)} already expired\n`
      : `lease ${shownId(id)} granted with TTL(${grantedTTL}s), remaining(${TTL}s)${withKeys ? `, attached keys([${list}])` : ''}\n`
  // As Go prints it: bytes as base64, and nothing where there are none.
  const json = `"id":${id},"ttl":${TTL},"granted-ttl":${grantedTTL},"keys":${keys.length > 0 ? jsonKeys(said) : 'null'}`
  const fields = `"ID" : ${id}\n"TTL" : ${TTL}\n"GrantedTTL" : ${grantedTTL}\n${keys.map((key: string) => `"Key" : ${quoted(key)}\n`).join('')}`
  return ended(printed(run, said, { simple, json, fields }))
}

const jsonKeys = (said: Said): string =>
  /"keys":(\[.*\])/.exec(shown('Lease/LeaseTimeToLive', said, { format: 'json', hex: false }))?.[1] ?? 'null'

const list: Command = (run) => {
  const said = asked(run, 'Lease/LeaseLeases', {})
  const ids: string[] = (said['leases'] ?? []).map(({ ID }: Said) => ID)
  const simple = `found ${ids.length} leases\n${ids.map((id) => `${shownId(id)}\n`).join('')}`
  const json = `"leases":[${ids.map((id) => `{"id":${id}}`).join(',')}]`
  return ended(printed(run, said, { simple, json, fields: ids.map((id) => `"ID" : ${id}\n`).join('') }))
}

/** It renews when a third of the time is over; without an answer it is over. */
const keepAlive: Command = (run) => {
  const id = idOf(run, 'lease keep-alive command needs lease ID as argument')
  const once = isSet(run, 'once')
  const answer = run.client.call('Lease/LeaseKeepAlive', { ID: id })
  const said = 'said' in answer ? (answer.said[0] ?? {}) : {}
  const { TTL = 0 } = said
  if (TTL === 0 && once) {
    const words = 'said' in answer ? 'etcdserver: requested lease not found' : wordsOf(answer)
    throw new Exit(CODES.connection, `Error: ${words}\n`, '', 'why' in answer ? run.client.timeoutMs : 0)
  }
  if (TTL === 0) return ended(`lease ${shownId(id)} expired or revoked.\n`)
  const simple = `lease ${shownId(id)} keepalived with TTL(${TTL})\n`
  const out = printed(run, said, { simple, json: `"ID":${id},"TTL":${TTL}`, fields: `"ID" : ${id}\n"TTL" : ${TTL}\n` })
  return once ? ended(out) : { out, waitMs: (TTL * 1000) / 3, memory: 'renewed' }
}

export const leaseCommands: Record<string, Command> = {
  'lease grant': grant,
  'lease revoke': revoke,
  'lease timetolive': timeToLive,
  'lease list': list,
  'lease keep-alive': keepAlive,
}
