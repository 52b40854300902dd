/** The tokens of those who join: `cluster-info` is signed with each, and those that have expired are deleted (pkg/controller/bootstrap). */
import { encodeUrl, encodeUrlBytes, utf8 } from '#api/base64.ts'
import { msLeft, TYPE, tokenFor } from '#api/bootstrap-tokens.ts'
import { hmac } from '#api/hmac.ts'
import { type AnyObject, keyOf } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { type Context, type ControllerDeclaration, controller } from '../../machinery/controller.ts'

const INFO = 'cluster-info'
const PUBLIC = 'kube-public'
const SIGNATURE = 'jws-kubeconfig-'

/** A JSON Web Signature of the text, without the text. */
export function signature(text: string, id: string, secret: string): string {
  const header = encodeUrl(JSON.stringify({ alg: 'HS256', kid: id }))
  return `${header}..${encodeUrlBytes(hmac(utf8(secret), utf8(`${header}.${encodeUrl(text)}`)))}`
}

function sign({ cache, api, now }: Context): void {
  const info = cache('configmaps').get(PUBLIC, INFO) as (AnyObject & { data?: Record<string, string> }) | undefined
  const text = info?.data?.['kubeconfig']
  if (!info || text === undefined) return
  const kept = Object.entries(info.data ?? {}).filter(([key]) => !key.startsWith(SIGNATURE))
  const signed = [...cache('secrets').inNamespace('kube-system')].flatMap((secret): [string, string][] => {
    const [id, own] = tokenFor('signing', secret, now) ?? []
    return id === undefined || own === undefined ? [] : [[`${SIGNATURE}${id}`, signature(text, id, own)]]
  })
  const data = Object.fromEntries([...kept, ...signed].sort(([a], [b]) => (a < b ? -1 : 1)))
  const isSame = Object.keys(data).length === Object.keys(info.data ?? {}).length
  if (isSame && signed.every(([key, value]) => info.data?.[key] === value)) return
  api.update('configmaps', { ...info, data } as AnyObject, { because: 'its signatures are to be those of the tokens there are' })
}

function clean(key: string, { cache, api, now, later }: Context): void {
  const secret = cache('secrets').byKey(key) as AnyObject | undefined
  const left = secret?.['type'] === TYPE ? msLeft(secret, now) : null
  if (!secret || left === null) return
  if (left >= 0) return later(key, left + 1)
  const { namespace = '', name, uid } = secret.metadata
  try {
    api.delete('secrets', namespace, name, { ...(uid ? { uid } : {}), because: 'its token has expired' })
  } catch (error) {
    // Somebody else was faster.
    if (!(error instanceof ApiError)) throw error
  }
}

export const bootstrapTokens = (): ControllerDeclaration[] => [
  controller({
    name: 'bootstrap-signer-controller',
    watches: [
      { resource: 'secrets', keys: () => [INFO] },
      { resource: 'configmaps', keys: () => [INFO] },
    ],
    reconcile: (_key, context) => sign(context),
  }),
  controller({
    name: 'token-cleaner-controller',
    watches: [{ resource: 'secrets', keys: (change, secret) => (change === 'deleted' ? [] : [keyOf(secret.metadata)]) }],
    reconcile: clean,
  }),
]
