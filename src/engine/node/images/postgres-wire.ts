/** What PostgreSQL makes of bytes that none of the simulated clients sends. */
import { bytesOf } from '#api/bytes.ts'
import type { Host } from '../programs/program.ts'
import { logged } from './postgres-server.ts'

const MOST = 10_000
/** Numbers in the place of a version: a request for encryption, which the server answers with a letter. */
const ENCRYPTED = [80_877_103, 80_877_104]
const REFUSAL = 'this simulation of PostgreSQL only speaks with the clients of its image'

export function text<S>(input: string, state: S, host: Host): [string, S] {
  const bytes = bytesOf(input)
  const number = (at: number): number => bytes.slice(at, at + 4).reduce((sum, byte) => sum * 256 + byte, 0)
  const length = number(0)
  const isWhole = bytes.length >= 4
  if (bytes.length === 0) return ['', state]
  if (isWhole && (length < 8 || length > MOST)) logged(host, 'invalid length of startup packet')
  else if (bytes.length < length || !isWhole) logged(host, 'incomplete startup packet')
  else if (ENCRYPTED.includes(number(4))) return ['N', state]
  else {
    logged(host, REFUSAL, 'FATAL')
    const fields = `SFATAL\0VFATAL\0C0A000\0M${REFUSAL}\0\0`
    return [`E\0\0\0${String.fromCharCode(fields.length + 4)}${fields}`, state]
  }
  return ['', state]
}
