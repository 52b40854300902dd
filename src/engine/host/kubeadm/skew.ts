/** Which version may be upgraded to from what (cmd/kubeadm/app/phases/upgrade/policy.go). */
import { compared, type Release } from './release.ts'

const KUBELET_SKEW = 3

export interface Versions {
  cluster: Release
  kubeadm: Release
  kubelets: readonly Release[]
}

/** What forbids it, and what only speaks against it. */
export function skewProblems(
  target: Release,
  { cluster, kubeadm, kubelets }: Versions,
): { mandatory: string[]; skippable: string[] } {
  const mandatory: string[] = []
  const skippable: string[] = []
  const wanted = JSON.stringify(target.text)
  if (target.minor < kubeadm.minor - 1)
    mandatory.push(
      `Specified version to upgrade to ${wanted} is equal to or lower than the minimum supported version ${JSON.stringify(cluster.text)}. Please specify a higher version to upgrade to`,
    )
  if (target.minor > cluster.minor + 1)
    mandatory.push(`Specified version to upgrade to ${wanted} is too high; kubeadm can upgrade only 1 minor version at a time`)
  if (target.minor < cluster.minor - 1)
    mandatory.push(`Specified version to downgrade to ${wanted} is too low; kubeadm can downgrade only 1 minor version at a time`)
  if (target.minor > kubeadm.minor)
    mandatory.push(
      `Specified version to upgrade to ${wanted} is at least one minor release higher than the kubeadm minor release (${target.minor} > ${kubeadm.minor}). Such an upgrade is not supported`,
    )
  else if (compared(kubeadm, target) < 0)
    skippable.push(
      `Specified version to upgrade to ${wanted} is higher than the kubeadm version ${JSON.stringify(kubeadm.text)}. Upgrade kubeadm first using the tool you used to install kubeadm`,
    )
  if (kubeadm.minor > target.minor)
    skippable.push(`Kubeadm version ${kubeadm.text} can only be used to upgrade to Kubernetes version 1.${kubeadm.minor}`)
  const tooOld = [...new Set(kubelets.filter(({ minor }) => target.minor > minor + KUBELET_SKEW).map(({ text }) => text))]
  if (tooOld.length > 0)
    skippable.push(`There are kubelets in this cluster that are too old that have these versions [${tooOld.join(' ')}]`)
  return { mandatory, skippable }
}

const listed = (problems: readonly string[]): string => problems.map((each) => `\t- ${each}\n`).join('')

export const fatal = (problems: readonly string[]): string =>
  `the version argument is invalid due to these fatal errors:\n\n${listed(problems)}\nPlease fix the misalignments highlighted above and try upgrading again`
export const bypassable = (problems: readonly string[]): string =>
  `the version argument is invalid due to these errors:\n\n${listed(problems)}\nCan be bypassed if you pass the --force flag`
export const bypassed = (problems: readonly string[]): string =>
  `[upgrade/preflight] Found ${problems.length} potential version compatibility errors but skipping since the --force flag is set: \n\n${listed(problems)}`
