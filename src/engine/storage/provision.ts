/** Asking for a volume to be made: the binder names the provisioner on the claim, and whoever that is does the rest. */

import { updateClaim, type Work } from './binding.ts'
import {
  annotated,
  annotation,
  CLASSES,
  type Claim,
  classNameOf,
  OLD_PROVISIONER,
  PROVISIONER,
  type StorageClass,
} from './objects.ts'

/** Provisioners that were part of Kubernetes once, and the drivers that have taken over (csi-translation-lib). */
export const MIGRATED: Record<string, string> = {
  'kubernetes.io/aws-ebs': 'ebs.csi.aws.com',
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
  'kubernetes.io/cinder': 'cinder.csi.openstack.org',
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
  'kubernetes.io/portworx-volume': 'pxd.portworx.com',
  'kubernetes.io/vsphere-volume': 'csi.vsphere.vmware.com',
}

const IN_TREE = 'kubernetes.io/'

/** What keeps anybody from providing for this class; `null` when somebody may. */
function trouble(className: string, storageClass: StorageClass | undefined): string | null {
  if (!storageClass) return `storageclass.storage.k8s.io "${className}" not found`
  const { provisioner } = storageClass
  if (MIGRATED[provisioner] || !provisioner.startsWith(IN_TREE)) return null
  return `no volume plugin matched name: ${provisioner}`
}

export function provision(work: Work, claim: Claim): void {
  const { events, cache } = work.context
  const className = classNameOf(claim)
  const storageClass = cache<StorageClass>(CLASSES).get('', className)
  const wrong = trouble(className, storageClass)
  if (wrong !== null || !storageClass) {
    events.record(claim, 'Warning', 'ProvisioningFailed', wrong ?? '')
    return
  }
  const provisioner = MIGRATED[storageClass.provisioner] ?? storageClass.provisioner
  const asked = ask(work, claim, provisioner)
  const message =
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system ` +
    'administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.'
  events.record(asked, 'Normal', 'ExternalProvisioning', message)
}

function ask(work: Work, claim: Claim, provisioner: string): Claim {
  if (annotation(claim, PROVISIONER) === provisioner) return claim
  const marked = annotated(annotated(claim, OLD_PROVISIONER, provisioner), PROVISIONER, provisioner)
  return updateClaim(work, marked, `${provisioner} is to make a volume for it`)
}
