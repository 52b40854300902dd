/** DefaultIngressClass: an Ingress that names no class takes the default one. */
import type { AnyObject } from '#api/meta.ts'
import { defaultOf } from './default-class.ts'
import { plugin } from './plugin.ts'

const DEFAULT = ['ingressclass.kubernetes.io/is-default-class']
const OLD_NAME = 'kubernetes.io/ingress.class'

export const defaultIngressClass = plugin({
  name: 'DefaultIngressClass',
  operations: ['CREATE'],
  resources: ['ingresses.networking.k8s.io'],
  mutate(ingress: AnyObject, ask) {
    const named = ingress.metadata.annotations?.[OLD_NAME] !== undefined || ingress['spec']?.ingressClassName !== undefined
    if (ask.subresource !== '' || named) return ingress
    const found = defaultOf(ask.hooks.readAll('ingressclasses.networking.k8s.io'), DEFAULT)
    return found ? { ...ingress, spec: { ...ingress['spec'], ingressClassName: found.metadata.name } } : ingress
  },
})
