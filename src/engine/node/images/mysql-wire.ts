/** What MySQL says to whom it does not know yet: its greeting, before anybody has said a word; and that what comes is no answer. */
import { textOf } from '#api/bytes.ts'
import type { Host } from '../programs/program.ts'
import { versionOf } from './mysql-server.ts'

const PLUGIN = 'caching_sha2_password'
/** Of a number, its bytes from the least on. */
const little = (value: number, bytes: number): number[] => Array.from({ length: bytes }, (_, i) => (value >> (8 * i)) & 255)
const letters = (text: string): number[] => [...text].map((each) => each.charCodeAt(0))
const packet = (number: number, payload: number[]): number[] => [...little(payload.length, 3), number, ...payload]

export function text<S>(input: string, state: S, host: Host): [string, S] {
  const salt = (count: number): number[] => Array.from({ length: count }, () => 33 + host.random(94))
  const before = [10, ...letters(versionOf(host)), 0, ...little(8, 4), ...salt(8), 0, 0xff, 0xff, 0xff, 2, 0, 0xff, 0xdf]
  const greeting = packet(0, [...before, 21, ...Array<number>(10).fill(0), ...salt(12), 0, ...letters(PLUGIN), 0])
  // An answer to it would have the number 1.
  const strange = input.length > 3 && input.charCodeAt(3) !== 1
  const error = strange ? packet(1, [255, ...little(1156, 2), ...letters('#08S01Got packets out of order')]) : []
  return [textOf(Uint8Array.from([...greeting, ...error])), state]
}
