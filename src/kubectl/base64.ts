/** Files as Secrets and kubeconfigs hold them: all bytes, also those that are no text. */
import { encodeBytes } from '#api/base64.ts'
import { bytesOf } from '#api/bytes.ts'

export const base64 = (content: string): string => encodeBytes(bytesOf(content))
