/** What a chart may know of the cluster and of helm: `.Capabilities`. */

import type { Client } from '#client/client.ts'
import { fn, GoObject } from '#gotemplate/index.ts'

export const HELM_VERSION = 'v3.22.0'

export interface Capabilities {
  kubeVersion: { version: string; major: string; minor: string }
  apiVersions: string[]
}

/** What `helm template` assumes: the versions that helm itself knows. */
const KNOWN =
  'v1 admissionregistration.k8s.io/v1 admissionregistration.k8s.io/v1alpha1 admissionregistration.k8s.io/v1beta1 internal.apiserver.k8s.io/v1alpha1 apps/v1 apps/v1beta1 apps/v1beta2 authentication.k8s.io/v1 authentication.k8s.io/v1alpha1 authentication.k8s.io/v1beta1 authorization.k8s.io/v1 authorization.k8s.io/v1beta1 autoscaling/v1 autoscaling/v2 batch/v1 batch/v1beta1 certificates.k8s.io/v1 certificates.k8s.io/v1beta1 certificates.k8s.io/v1alpha1 coordination.k8s.io/v1alpha2 coordination.k8s.io/v1beta1 coordination.k8s.io/v1 discovery.k8s.io/v1 discovery.k8s.io/v1beta1 events.k8s.io/v1 events.k8s.io/v1beta1 extensions/v1beta1 flowcontrol.apiserver.k8s.io/v1 flowcontrol.apiserver.k8s.io/v1beta1 flowcontrol.apiserver.k8s.io/v1beta2 flowcontrol.apiserver.k8s.io/v1beta3 lifecycle.k8s.io/v1alpha1 networking.k8s.io/v1 networking.k8s.io/v1beta1 node.k8s.io/v1 node.k8s.io/v1alpha1 node.k8s.io/v1beta1 policy/v1 policy/v1beta1 rbac.authorization.k8s.io/v1 rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1alpha1 resource.k8s.io/v1 resource.k8s.io/v1beta2 resource.k8s.io/v1beta1 resource.k8s.io/v1alpha3 scheduling.k8s.io/v1alpha3 scheduling.k8s.io/v1beta1 scheduling.k8s.io/v1 storage.k8s.io/v1beta1 storage.k8s.io/v1 storage.k8s.io/v1alpha1 storagemigration.k8s.io/v1 storagemigration.k8s.io/v1beta1 apiextensions.k8s.io/v1beta1 apiextensions.k8s.io/v1'

export const assumed = (): Capabilities => ({
  kubeVersion: { version: 'v1.36.0', major: '1', minor: '36' },
  apiVersions: KNOWN.split(' '),
})

/** What this cluster says of itself. */
export async function capabilitiesOf(client: Client): Promise<Capabilities> {
  const { gitVersion, major, minor } = (await client.document('/version')) as Record<string, string>
  client.discovery.refresh()
  const resources = await client.discovery.all()
  const versions = new Set<string>()
  for (const { group, version, kind } of resources) {
    const groupVersion = group ? `${group}/${version}` : version
    versions.add(groupVersion)
    versions.add(`${groupVersion}/${kind}`)
  }
  return { kubeVersion: { version: gitVersion ?? '', major: major ?? '', minor: minor ?? '' }, apiVersions: [...versions] }
}

/** `--kube-version`: `1.29` or `v1.29.1`. */
export function kubeVersion(text: string): Capabilities['kubeVersion'] {
  const found = /^v?(\d+)\.(\d+)(?:\.(\d+))?(.*)$/.exec(text.trim())
  if (!found) throw new Error(`invalid kube version '${text}': could not parse ${JSON.stringify(text)} as version`)
  const [, major = '', minor = '', patch = '0', rest = ''] = found
  return { version: `v${Number(major)}.${Number(minor)}.${Number(patch)}${rest}`, major, minor }
}

/** The value of `.Capabilities`. */
export function capabilitiesValue({ kubeVersion: kube, apiVersions }: Capabilities): GoObject {
  const known = new Set(apiVersions)
  const version = new GoObject('chartutil.KubeVersion', {
    fields: { Version: kube.version, Major: kube.major, Minor: kube.minor },
    methods: { String: fn([], () => kube.version), GitVersion: fn([], () => kube.version) },
  })
  return new GoObject('*chartutil.Capabilities', {
    fields: {
      KubeVersion: version,
      APIVersions: new GoObject('chartutil.VersionSet', { methods: { Has: fn(['string'], (one: string) => known.has(one)) } }),
      HelmVersion: new GoObject('version.BuildInfo', {
        fields: { Version: HELM_VERSION, GitCommit: '', GitTreeState: 'clean', GoVersion: 'go1.26.8' },
      }),
    },
  })
}
