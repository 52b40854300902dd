/** The certificates on a control plane's machine, as those see them who look at them by openssl. */
import { expect, test } from 'vitest'
import { ssh } from '../../host/testing/ssh.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const CP = 'control-plane'
const cluster = (): TestCluster => new TestCluster({ addons: ['dns', 'kubeadm'], nodes: 1, epoch: Date.UTC(2027, 0, 1) }).run(30)
const PKI = '/etc/kubernetes/pki'

test('the API server’s names its addresses, and its authority’s signature is right', () => {
  const t = cluster()
  const said = (command: string): string => ssh(t, CP, `cd ${PKI}; ${command} 2>&1`).out
  expect(said('openssl x509 -in apiserver.crt -noout -text')).toMatch(
    /Issuer: CN = kubernetes\n[^]*Not After : Jan {2}1 00:00:\d\d 2028 GMT\n {8}Subject: CN = kube-apiserver\n[^]*X509v3 Key Usage: critical\n +Digital Signature, Key Encipherment\n +X509v3 Extended Key Usage: \n +TLS Web Server Authentication\n +X509v3 Basic Constraints: critical\n +CA:FALSE\n[^]*X509v3 Subject Alternative Name: \n +DNS:control-plane, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, DNS:kubernetes.default.svc.cluster.local, IP Address:10.96.0.1, IP Address:[\d.]+\n/,
  )
  expect(said('openssl verify -CAfile ca.crt apiserver.crt apiserver-kubelet-client.crt')).toBe(
    'apiserver.crt: OK\napiserver-kubelet-client.crt: OK\n',
  )
  expect(said('openssl verify -CAfile etcd/ca.crt etcd/server.crt etcd/peer.crt apiserver-etcd-client.crt')).not.toContain(
    'error',
  )
  expect(said('openssl verify -CAfile ca.crt etcd/server.crt')).toContain('unable to get local issuer certificate')
  expect(said('openssl x509 -in apiserver.crt -noout -pubkey | cksum')).toBe(
    said('openssl ec -in apiserver.key -pubout 2>/dev/null | cksum'),
  )
})

test('a certificate that one signs with the cluster’s own key is let in, and one of a stranger’s is not', () => {
  const t = cluster()
  const made = (authority: string): string =>
    `cd /root; openssl req -x509 -nodes -newkey ec -keyout x.key -out x.crt -subj /CN=kubernetes 2>/dev/null; openssl req -new -nodes -newkey ec -keyout u.key -out u.csr -subj /CN=eve/O=system:masters 2>/dev/null; openssl x509 -req -in u.csr -CA ${authority}.crt -CAkey ${authority}.key -CAcreateserial -out u.crt 2>/dev/null; cat u.crt`
  const ask = (pem: string) => t.cluster.requestAs({ method: 'GET', path: '/api/v1/nodes', certificate: pem })
  expect(ask(ssh(t, CP, made(`${PKI}/ca`)).out).status).toBe(200)
  expect(ask(ssh(t, CP, made('/root/x')).out)).toMatchObject({ status: 401 })
})

test('admin.conf holds its owner’s certificate, which is renewed', () => {
  const t = cluster()
  const embedded = "grep client-certificate-data /etc/kubernetes/admin.conf | awk '{print $2}' | base64 -d"
  const end = (): string => ssh(t, CP, `${embedded} | openssl x509 -noout -subject -enddate`).out
  const before = end()
  expect(before).toMatch(/^subject=O = kubeadm:cluster-admins, CN = kubernetes-admin\nnotAfter=Jan {2}1 /)
  t.run(86_400)
  ssh(t, CP, 'kubeadm certs renew admin.conf', 10)
  expect(end()).toMatch(/notAfter=Jan {2}2 /)
  const pem = ssh(t, CP, embedded).out
  const answer = t.cluster.requestAs({ method: 'GET', path: '/api/v1/pods', certificate: pem })
  expect(answer.status).toBe(200)
  t.run(366 * 86_400)
  expect(t.cluster.requestAs({ method: 'GET', path: '/api/v1/pods', certificate: pem }).status).toBe(401)
})
