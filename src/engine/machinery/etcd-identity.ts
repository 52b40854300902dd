/** Who an etcd is: members' and clusters' ids are hashes of their addresses, as etcd reckons them. */
import { sha1 } from '#posix/hashes.ts'
import { bytesOf } from './etcd-bytes.ts'

const TOKEN = 'etcd-cluster'

/** The first eight bytes of a hash, as a decimal number. */
const idOf = (bytes: string): string => String(BigInt(`0x${sha1(bytesOf(bytes)).slice(0, 16)}`))

export const memberId = (peerURLs: readonly string[], token = TOKEN): string => idOf([...peerURLs].sort().join('') + token)

export function clusterId(members: readonly string[]): string {
  const ids = members.map(BigInt).sort((a, b) => (a < b ? -1 : 1))
  return idOf(
    ids
      .map((id) => Array.from({ length: 8 }, (_, i) => String.fromCharCode(Number((id >> BigInt(56 - 8 * i)) & 255n))).join(''))
      .join(''),
  )
}

/** `8e9e05c52164694d`: as etcdctl shows ids. */
export const hexId = (id: string): string => BigInt.asUintN(64, BigInt(id)).toString(16)
