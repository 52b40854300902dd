/** Would keep Pods off nodes whose kubelet lacks a feature they need; all nodes here run one version, so none does. */
import { plugin, skip } from '../framework.ts'

export const nodeDeclaredFeatures = plugin({
  name: 'NodeDeclaredFeatures',
  preFilter: () => skip,
  filter: () => null,
})
