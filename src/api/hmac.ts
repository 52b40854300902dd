/** HMAC with SHA-256 (RFC 2104). */
import { sha256 } from './sha256.ts'

const BLOCK = 64

export function hmac(key: readonly number[], bytes: readonly number[]): number[] {
  const own = key.length > BLOCK ? sha256(key) : key
  const padded = Array.from({ length: BLOCK }, (_, i) => own[i] ?? 0)
  const mixed = (pad: number): number[] => padded.map((byte) => byte ^ pad)
  return sha256([...mixed(0x5c), ...sha256([...mixed(0x36), ...bytes])])
}
