/** Volumes as the Go types see them: which fields vanish, which defaults each source has (core/v1 defaults). */
import { pullPolicyOf } from './image-name.ts'
import { type Normalise, quantity, resourceList, shape } from './shape.ts'

export const fieldRef = shape({ omit: 'apiVersion', defaults: { apiVersion: 'v1' } })
export const resourceFieldRef = shape({ omit: 'containerName', parts: { divisor: quantity }, defaults: { divisor: '0' } })
const items = shape({})
const downwardFile = shape({ parts: { fieldRef, resourceFieldRef } })
const secretRef = shape({ omit: 'name' })
const labelSelector = shape({ omit: 'matchLabels', parts: { matchExpressions: shape({}) } })
const plain = shape({ omit: 'fsType readOnly partition', parts: { secretRef } })

const claimSpec = shape({
  omit: 'volumeName',
  parts: {
    resources: shape({ omit: 'requests limits', parts: { requests: resourceList, limits: resourceList } }),
    selector: labelSelector,
  },
  always: ['resources'],
  defaults: { volumeMode: 'Filesystem' },
})

const projection = shape({
  parts: {
    secret: shape({ omit: 'name', parts: { items } }),
    configMap: shape({ omit: 'name', parts: { items } }),
    downwardAPI: shape({ parts: { items: downwardFile } }),
    serviceAccountToken: shape({ omit: 'audience', defaults: { expirationSeconds: 3600 } }),
    clusterTrustBundle: shape({ parts: { labelSelector } }),
    podCertificate: shape({ omit: 'signerName keyType credentialBundlePath keyPath certificateChainPath userAnnotations' }),
  },
})

const MODE = { defaultMode: 420 }
const RBD = { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }
const AZURE_DISK = { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' }

/** Every volume source by its field, in the order of validation. */
const sources: Record<string, Normalise> = {
  emptyDir: shape({ omit: 'medium', parts: { sizeLimit: quantity } }),
  hostPath: shape({ defaults: { type: '' } }),
  gitRepo: shape({ omit: 'revision directory' }),
  gcePersistentDisk: plain,
  awsElasticBlockStore: plain,
  secret: shape({ omit: 'secretName', parts: { items }, defaults: MODE }),
  nfs: plain,
  iscsi: shape({
    omit: 'iscsiInterface fsType readOnly chapAuthDiscovery chapAuthSession',
    parts: { secretRef },
    defaults: { iscsiInterface: 'default', lun: 0 },
  }),
  glusterfs: plain,
  flocker: shape({ omit: 'datasetName datasetUUID' }),
  persistentVolumeClaim: plain,
  rbd: shape({ omit: 'fsType pool user keyring readOnly', parts: { secretRef }, defaults: RBD }),
  cinder: plain,
  cephfs: shape({ omit: 'path user secretFile readOnly', parts: { secretRef } }),
  quobyte: shape({ omit: 'readOnly user group tenant' }),
  downwardAPI: shape({ parts: { items: downwardFile }, defaults: MODE }),
  fc: plain,
  flexVolume: shape({ omit: 'fsType readOnly options', parts: { secretRef } }),
  configMap: shape({ omit: 'name', parts: { items }, defaults: MODE }),
  azureFile: plain,
  vsphereVolume: shape({ omit: 'fsType storagePolicyName storagePolicyID' }),
  photonPersistentDisk: plain,
  portworxVolume: plain,
  azureDisk: shape({ defaults: AZURE_DISK }),
  storageos: shape({ omit: 'volumeName volumeNamespace fsType readOnly', parts: { secretRef } }),
  scaleIO: shape({
    omit: 'sslEnabled protectionDomain storagePool storageMode volumeName fsType readOnly',
    parts: { secretRef },
    defaults: { storageMode: 'ThinProvisioned', fsType: 'xfs' },
  }),
  projected: shape({ parts: { sources: projection }, defaults: { ...MODE, sources: null } }),
  csi: shape({ omit: 'volumeAttributes', parts: { nodePublishSecretRef: secretRef } }),
  ephemeral: shape({
    parts: {
      volumeClaimTemplate: shape({
        parts: { metadata: shape({ omit: 'labels annotations' }), spec: claimSpec },
        always: ['metadata', 'spec'],
      }),
    },
  }),
  image: shape({
    omit: 'reference pullPolicy',
    finish: (image) => (image.pullPolicy ? image : { ...image, pullPolicy: pullPolicyOf(image.reference ?? '') }),
  }),
}

/** For PersistentVolumes, whose sources are the same. */
export const volumeSources: Readonly<Record<string, Normalise>> = sources

const SOURCES = Object.keys(sources)

/** A volume without a source is an emptyDir (SetDefaults_Volume). */
export const volume = shape({
  parts: sources,
  finish: (v) => (SOURCES.some((source) => v[source] !== undefined) ? v : { ...v, emptyDir: {} }),
})
