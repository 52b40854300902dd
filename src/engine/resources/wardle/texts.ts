/** What the sample API server's OpenAPI says of its types. */
import { definitionOf } from './schemas.ts'

const HEAD = {
  apiVersion:
    'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  kind: 'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
}

export const wardleTexts: Record<string, Record<string, string>> = {
  [definitionOf('v1alpha1', 'Fischer')]: {
    ...HEAD,
    disallowedFlunders: 'DisallowedFlunders holds a list of Flunder.Names that are disallowed.',
  },
  [definitionOf('v1alpha1', 'FischerList')]: HEAD,
  [definitionOf('v1alpha1', 'Flunder')]: HEAD,
  [definitionOf('v1alpha1', 'FlunderList')]: HEAD,
  [definitionOf('v1alpha1', 'FlunderSpec')]: {
    reference: 'A name of another flunder or fischer, depending on the reference type.',
    referenceType: 'The reference type, defaults to "Flunder" if reference is set.',
  },
  [definitionOf('v1beta1', 'Flunder')]: { '': 'Flunder is an example type with a spec and a status.', ...HEAD },
  [definitionOf('v1beta1', 'FlunderList')]: { '': 'FlunderList is a list of Flunder objects.', ...HEAD },
  [definitionOf('v1beta1', 'FlunderSpec')]: {
    '': 'FlunderSpec is the specification of a Flunder.',
    fischerReference: 'A name of a fischer, mutually exclusive to the FlunderReference.',
    flunderReference: 'A name of another flunder, mutually exclusive to the FischerReference.',
    referenceType: 'The reference type.',
  },
  [definitionOf('v1beta1', 'FlunderStatus')]: { '': 'FlunderStatus is the status of a Flunder.' },
}
