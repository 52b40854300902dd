/** Whatever is typed on a machine is answered, and the world goes on. */
import { expect, it } from 'vitest'
import { TestCluster } from '../testing/test-cluster.ts'
import { ssh } from './testing/ssh.ts'

const LINES = [
  'kubeadm',
  'kubeadm nope',
  'kubeadm --',
  'kubeadm token',
  'kubeadm token create x',
  'kubeadm token create abcdef.0123456789abcdef --ttl zz',
  'kubeadm token create --ttl=-1h',
  'kubeadm token create --usages nope',
  'kubeadm token create --groups nope',
  'kubeadm token delete',
  'kubeadm token delete (',
  'kubeadm token delete nope',
  "kubeadm token delete ''",
  'kubeadm join',
  'kubeadm join x',
  "kubeadm join '' --token x",
  'kubeadm join 1.2.3.4:6443 --token abcdef.0123456789abcdef',
  'kubeadm join [::1 --token abcdef.0123456789abcdef --discovery-token-ca-cert-hash sha256:zz',
  'kubeadm join h:p --token abcdef.0123456789abcdef --discovery-token-unsafe-skip-ca-verification',
  'kubeadm join a:6443 --discovery-file /nope',
  'kubeadm join --config /etc/passwd',
  'kubeadm upgrade',
  'kubeadm upgrade plan zz',
  'kubeadm upgrade plan v9.9.9',
  "kubeadm upgrade apply '('",
  'kubeadm upgrade apply v1.36',
  'kubeadm upgrade apply 99999999999999999999.1.1',
  'kubeadm upgrade apply',
  'kubeadm upgrade node extra',
  'kubeadm upgrade diff',
  'kubeadm certs renew',
  'kubeadm certs renew nope',
  'kubeadm certs check-expiration -o nope',
  'kubeadm certs renew all --cert-dir /nope',
  'kubeadm init',
  'kubeadm reset',
  'kubeadm config images list',
  'kubeadm version -o yaml',
  'kubeadm version -o zz',
  'kubeadm version --nope',
  'kubeadm -v=zz version',
  'apt-get',
  'apt-get install',
  'apt-get install -y kubelet=',
  'apt-get install nope',
  'apt-get remove kubelet',
  "apt-mark hold '*'",
  'apt-cache madison (',
  'apt-cache',
  'systemctl',
  'systemctl restart',
  'systemctl restart nope',
  'systemctl stop kubelet',
  'systemctl start kubelet',
  'systemctl status kubelet',
  'systemctl daemon-reload',
  'rm -rf /',
  'kubeadm certs check-expiration',
  'kubeadm token list',
  'systemctl restart kubelet',
  'kubeadm upgrade plan',
  'kubeadm join 172.18.255.1:6443 --token abcdef.0123456789abcdef',
  'mv /etc /etc2; kubeadm token list; kubeadm upgrade plan',
  "sed -i 's/.*/{{{/' /etc2/kubernetes/*; systemctl restart kubelet",
]

it('odd words, missing ones, and a machine that is taken apart', () => {
  const t = new TestCluster({ addons: ['dns', 'kubeadm-1.36.1'], nodes: 1 })
  t.cluster.fault({ kind: 'node-add', name: 'node-9', bare: true })
  t.run(60)
  for (const line of LINES)
    for (const machine of ['control-plane', 'node-1', 'node-9']) {
      const { out, status } = ssh(t, machine, line, 8)
      expect(out !== '' || status !== null, `${machine}: ${line}`).toBe(true)
    }
  t.run(120)
  expect(ssh(t, 'node-1', 'echo on').out).toBe('on\n')
})
