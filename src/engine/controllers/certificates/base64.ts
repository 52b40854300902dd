/** PEM texts as the API's `[]byte` fields hold them. */
import { bytesOf, textOf } from '#api/bytes.ts'
import { fromPem, toPem } from '#api/x509/pem.ts'

export const decodeText = (base64: string): string =>
  textOf(fromPem('X', `-----BEGIN X-----\n${base64}\n-----END X-----`) ?? new Uint8Array())

export const encodeText = (text: string): string =>
  toPem('X', [...bytesOf(text)])
    .split('\n')
    .slice(1, -2)
    .join('')
