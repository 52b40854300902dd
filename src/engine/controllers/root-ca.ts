/** The root CA publisher: every namespace has the ConfigMap kube-root-ca.crt (pkg/controller/certificates/rootcacertpublisher). */
import type { ConfigMap } from '#api/kinds.ts'
import { isNotFound } from '#api/status.ts'
import { controller } from '../machinery/controller.ts'
import { semanticallyEqual } from './equal.ts'
import { isNamespaceTerminating } from './pods.ts'

const NAME = 'kube-root-ca.crt'
const ANNOTATION = 'kubernetes.io/description'
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or ' +
  'kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'

export const rootCa = (certificate: string) =>
  controller({
    name: 'root-ca-cert-publisher',
    watches: [
      {
        resource: 'namespaces',
        keys: (change, { metadata, status }) => (change === 'added' || status?.phase === 'Active' ? [metadata.name] : []),
      },
      {
        resource: 'configmaps',
        keys: (change, { metadata }) => (metadata.name === NAME && change !== 'added' ? [metadata.namespace ?? ''] : []),
      },
    ],
    reconcile(namespace, { cache, api }) {
      const present = cache<ConfigMap>('configmaps').get(namespace, NAME)
      const data = { 'ca.crt': certificate }
      const because = `namespace ${namespace} is to have the cluster's root certificate`
      if (!present) {
        try {
          const metadata = { name: NAME, namespace, annotations: { [ANNOTATION]: DESCRIPTION } }
          api.create<ConfigMap>('configmaps', { metadata, data }, { because })
        } catch (error) {
          if (!isNotFound(error) && !isNamespaceTerminating(error)) throw error
        }
        return
      }
      const { metadata } = present
      if (semanticallyEqual(present.data, data) && metadata.annotations?.[ANNOTATION]) return
      const annotations = { ...metadata.annotations, [ANNOTATION]: DESCRIPTION }
      api.update<ConfigMap>('configmaps', { ...present, metadata: { ...metadata, annotations }, data }, { because })
    },
  })
