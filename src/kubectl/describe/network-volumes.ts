/** Volumes behind a network or of a vendor's, in describe: the words for each, and which of its fields are printed. */

/** `Label field`, with what stands where nothing is given: nothing, `no` for false, `zero`, `none` or `nil`. */
export const NETWORK_VOLUMES: Record<string, [words: string, ...fields: string[]]> = {
  iscsi: [
    "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
    'TargetPortal: targetPortal',
    'IQN: iqn',
    'Lun: lun zero',
    'ISCSIInterface iscsiInterface',
    'FSType: fsType',
    'ReadOnly: readOnly no',
    'Portals: portals list',
    'DiscoveryCHAPAuth: chapAuthDiscovery no',
    'SessionCHAPAuth: chapAuthSession no',
    'SecretRef: secretRef nil',
    'InitiatorName: initiatorName none',
  ],
  fc: ['FC (a Fibre Channel disk)', 'TargetWWNs: targetWWNs joined', 'LUN: lun none', 'FSType: fsType', 'ReadOnly: readOnly no'],
  rbd: [
    "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
    'CephMonitors: monitors list',
    'RBDImage: image',
    'FSType: fsType',
    'RBDPool: pool',
    'RadosUser: user',
    'Keyring: keyring',
    'SecretRef: secretRef nil',
    'ReadOnly: readOnly no',
  ],
  cephfs: [
    "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
    'Monitors: monitors list',
    'Path: path',
    'User: user',
    'SecretFile: secretFile',
    'SecretRef: secretRef nil',
    'ReadOnly: readOnly no',
  ],
  cinder: [
    'Cinder (a Persistent Disk resource in OpenStack)',
    'VolumeID: volumeID',
    'FSType: fsType',
    'ReadOnly: readOnly no',
    'SecretRef: secretRef nil',
  ],
  azureDisk: [
    'AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)',
    'DiskName: diskName',
    'DiskURI: diskURI',
    'Kind:  kind',
    'FSType: fsType',
    'CachingMode: cachingMode',
    'ReadOnly: readOnly no',
  ],
  vsphereVolume: [
    'vSphereVolume (a Persistent Disk resource in vSphere)',
    'VolumePath: volumePath',
    'FSType: fsType',
    'StoragePolicyName: storagePolicyName',
  ],
  portworxVolume: ['PortworxVolume (a Portworx Volume resource)', 'VolumeID: volumeID'],
  photonPersistentDisk: ['PhotonPersistentDisk (a Persistent Disk resource in photon platform)', 'PdID: pdID', 'FSType: fsType'],
  quobyte: [
    "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
    'Registry: registry',
    'Volume: volume',
    'ReadOnly: readOnly no',
  ],
  flocker: ['Flocker (a Flocker volume mounted by the Flocker agent)', 'DatasetName: datasetName', 'DatasetUUID: datasetUUID'],
  flexVolume: [
    'FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)',
    'Driver: driver',
    'FSType: fsType',
    'SecretRef: secretRef nil',
    'ReadOnly: readOnly no',
    'Options: options map',
  ],
}

const GLUSTERFS = "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)"
const AZURE_FILE = 'AzureFile (an Azure File Service mount on the host and bind mount to the pod)'

/** Those that tell more as a PersistentVolume. */
export const PERSISTENT: Record<string, [words: string, ...fields: string[]]> = {
  glusterfs: [
    GLUSTERFS,
    'EndpointsName: endpoints',
    'EndpointsNamespace: endpointsNamespace unset',
    'Path: path',
    'ReadOnly: readOnly no',
  ],
  azureFile: [
    AZURE_FILE,
    'SecretName: secretName',
    'SecretNamespace: secretNamespace',
    'ShareName: shareName',
    'ReadOnly: readOnly no',
  ],
}
export const IN_POD: Record<string, [words: string, ...fields: string[]]> = {
  glusterfs: [GLUSTERFS, 'EndpointsName: endpoints', 'Path: path', 'ReadOnly: readOnly no'],
  azureFile: [AZURE_FILE, 'SecretName: secretName', 'ShareName: shareName', 'ReadOnly: readOnly no'],
}
