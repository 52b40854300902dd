/** `kubectl describe` of ConfigMaps, Secrets and ServiceAccounts. */
import type { ConfigMap, Secret, ServiceAccount } from '#api/kinds.ts'
import { describer } from './describer.ts'
import { byFirst } from './page.ts'

/** Bytes behind a base64 text. */
const bytes = (text: string): number => atob(text).length

export const configMap = describer({
  kinds: ['ConfigMap'],
  describe({ metadata, data = {}, binaryData = {} }: ConfigMap, page) {
    page.head({ metadata })
    page.line(0, '\nData\n====')
    for (const [key, value] of Object.entries(data).sort(byFirst)) page.line(0, `${key}:\n----\n${value}\n`)
    page.line(0, '\nBinaryData\n====')
    for (const [key, value] of Object.entries(binaryData).sort(byFirst)) page.line(0, `${key}: ${bytes(value)} bytes`)
    page.line(0, '')
  },
})

export const secret = describer({
  kinds: ['Secret'],
  events: false,
  describe({ metadata, type = '', data = {} }: Secret, page) {
    page.head({ metadata })
    page.line(0, `\nType:\t${type}`)
    page.line(0, '\nData\n====')
    for (const [key, value] of Object.entries(data).sort(byFirst)) {
      const isToken = key === 'token' && type === 'kubernetes.io/service-account-token'
      page.field(0, key, isToken ? atob(value) : `${bytes(value)} bytes`)
    }
  },
})

export const serviceAccount = describer({
  kinds: ['ServiceAccount'],
  describe({ metadata, imagePullSecrets = [] }: ServiceAccount, page) {
    page.head({ metadata })
    const label = 'Image pull secrets:'
    if (imagePullSecrets.length === 0) page.line(0, `${label}\t<none>`)
    for (const [i, { name }] of imagePullSecrets.entries()) page.line(0, `${i === 0 ? label : ' '.repeat(label.length)}\t${name}`)
  },
})
