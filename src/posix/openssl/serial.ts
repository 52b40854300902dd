/** Serial numbers of certificates, as they are shown. */
import { hex } from '#api/sha256.ts'

/** Without the zero that keeps the number from being taken for a negative one. */
export const plainSerial = (serial: ArrayLike<number>): number[] => {
  const bytes = Array.from(serial)
  return bytes.length > 1 && bytes[0] === 0 ? bytes.slice(1) : bytes
}
export const serialHex = (serial: ArrayLike<number>): string => hex(plainSerial(serial))
