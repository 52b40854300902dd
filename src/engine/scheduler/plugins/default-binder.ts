/** Binds the Pod: POST to its `binding` subresource. */
import { plugin } from '../framework.ts'

export const defaultBinder = plugin({
  name: 'DefaultBinder',
  bind({ pod: { pod }, node, api }) {
    const { namespace = '', name, uid } = pod.metadata
    api.post(
      'pods',
      namespace,
      name,
      'binding',
      {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { namespace, name, ...(uid ? { uid } : {}) },
        target: { kind: 'Node', name: node },
      },
      { because: `${node} is the best node for ${name}` },
    )
  },
})
