/** kubeadm on the machines: machines that join, versions that follow each other, certificates that are renewed. */
import { describe, expect, it } from 'vitest'
import { Cluster } from '../../cluster.ts'
import { TestCluster } from '../../testing/test-cluster.ts'
import { begun, ssh, taken } from '../testing/ssh.ts'

const CP = 'control-plane'
const older = (): TestCluster => new TestCluster({ addons: ['dns', 'kubeadm-1.36.1'], nodes: 1 }).run(60)
const withBare = (): TestCluster => {
  const t = older()
  t.cluster.fault({ kind: 'node-add', name: 'node-9', bare: true })
  return t.run(2)
}
const kubelets = (t: TestCluster): Record<string, string> =>
  Object.fromEntries(t.all<any>('nodes').map(({ metadata, status }) => [metadata.name, status.nodeInfo.kubeletVersion]))
const joinCommand = (t: TestCluster): string => ssh(t, CP, 'kubeadm token create --print-join-command', 3).out.trim()
const version = (t: TestCluster): string => JSON.parse(t.request('GET', '/version').body as string).gitVersion
const image = (t: TestCluster, component: string): string =>
  t.get<any>('pods', `${component}-${CP}`, 'kube-system')?.spec.containers[0].image.split(':')[1]
const upgraded = (t: TestCluster): TestCluster => {
  ssh(t, CP, "apt-get install -y kubeadm='1.36.3-*' && kubeadm upgrade apply v1.36.3 -y", 180)
  return t
}

describe('kubeadm token', () => {
  it('makes none that is good for nothing, or for groups that are none', () => {
    const t = older()
    const said = (words: string): string | undefined => ssh(t, CP, `kubeadm token create ${words} 2>&1`).out.split('\n')[0]
    expect(said('--groups nope')).toBe(
      'error: bootstrapTokens.0.groups: Invalid value: ["nope"]: bootstrap group "nope" is invalid (must match \\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\\z)',
    )
    expect(said('--usages nope')).toBe(
      'error: [bootstrapTokens.0.usages: Invalid value: ["nope"]: invalid bootstrap token usage string: nope, valid usage options: signing,authentication, bootstrapTokens.0.groups: Invalid value: ["system:bootstrappers:kubeadm:default-node-token"]: token groups cannot be specified unless --usages includes "authentication"]',
    )
  })

  it('says what it cannot do here', () => {
    const t = older()
    for (const [words, why] of [
      ['init', 'kubeadm init is not played here'],
      ['upgrade diff v1.36.3', 'kubeadm upgrade diff is not played here'],
      ['certs renew all --cert-dir /srv', '--cert-dir is not played here'],
      ['token list --kubeconfig /srv/x', '--kubeconfig is not played here'],
      ['nope', 'unknown command "nope" for "kubeadm"'],
    ])
      expect(ssh(t, CP, `kubeadm ${words} 2>&1`).out).toContain(`error: ${why}\n`)
  })

  it('makes tokens, lists them, and takes them away', () => {
    const t = older()
    const create = 'kubeadm token create abcdef.0123456789abcdef --ttl 1h --description "a class"'
    expect(ssh(t, CP, create).out).toBe('abcdef.0123456789abcdef\n')
    expect(ssh(t, CP, create).out).toBe(
      'error: a token with id "abcdef" already exists\nTo see the stack trace of this error execute with --v=5 or higher\n',
    )
    const [header, line] = ssh(t, CP, 'kubeadm token list').out.split('\n')
    // As the real one sets it.
    expect(header).toBe(
      'TOKEN                     TTL         EXPIRES                USAGES                   DESCRIPTION                                                EXTRA GROUPS',
    )
    expect(line).toBe(
      'abcdef.0123456789abcdef   59m         2026-01-01T01:01:15Z   authentication,signing   a class                                                    system:bootstrappers:kubeadm:default-node-token',
    )
    expect(ssh(t, CP, 'kubeadm token delete abcdef').out).toBe('bootstrap token "abcdef" deleted\n')
    expect(ssh(t, CP, 'kubeadm token delete abcdef').out).toContain(
      'failed to delete bootstrap token "abcdef": secrets "bootstrap-token-abcdef" not found',
    )
  })

  it('is for those only who have the administrator’s papers', () =>
    expect(ssh(older(), 'node-1', 'kubeadm token create').out).toContain(
      'error: failed to load admin kubeconfig: open /root/.kube/config: no such file or directory',
    ))
})

describe('kubeadm join', () => {
  it('makes a Node of a machine that only ran, by a certificate that its token asks for', () => {
    const t = withBare()
    expect(kubelets(t)).toEqual({ [CP]: 'v1.36.1', 'node-1': 'v1.35.4' })
    expect(t.cluster.broken().kubelets).toEqual([])
    const { out, status } = ssh(t, 'node-9', joinCommand(t), 20)
    expect(status).toBe(0)
    expect(out).toContain(
      '[kubelet-start] Waiting for the kubelet to perform the TLS Bootstrap\n\nThis node has joined the cluster:\n',
    )
    expect(kubelets(t)['node-9']).toBe('v1.35.4')
    const [request] = t.all<any>('certificatesigningrequests.certificates.k8s.io')
    expect(request.metadata.name).toMatch(/^node-csr-[\w-]{43}$/)
    expect(request.status.conditions[0]).toMatchObject({ type: 'Approved', reason: 'AutoApproved' })
    t.run(30)
    expect(t.get<any>('nodes', 'node-9').status.conditions.at(-1)).toMatchObject({ type: 'Ready', status: 'True' })
  })

  it('trusts no cluster whose key is not the one that it was told', () => {
    const t = withBare()
    const { out, status } = ssh(t, 'node-9', joinCommand(t).replace(/sha256:.{4}/, 'sha256:0000'))
    expect(status).toBe(1)
    expect(out).toMatch(
      /error: error execution phase preflight: couldn't validate the identity of the API Server: cluster CA found in cluster-info ConfigMap is invalid: none of the public keys "sha256:[\da-f]{64}" are pinned\n/,
    )
  })

  it('nor one that does not know its token’s secret, and waits five minutes for one that does not know its token', () => {
    const t = withBare()
    const [, token = ''] = /--token (\S+)/.exec(joinCommand(t)) ?? []
    const hash = /sha256:\S+/.exec(joinCommand(t))?.[0]
    const join = (with_: string): string => `kubeadm join 172.18.0.1:6443 --token ${with_} --discovery-token-ca-cert-hash ${hash}`
    expect(ssh(t, 'node-9', join(`${token.slice(0, 6)}.0123456789abcdef`)).out).toContain(
      "failed to verify JWS signature of received cluster info object, can't trust this API Server",
    )
    const session = begun(t, 'node-9', join('zzzzzz.0123456789abcdef'))
    t.run(280)
    expect(taken(session).status).toBeNull()
    t.run(40)
    expect(taken(session).out).toContain('could not find a JWS signature in the cluster-info ConfigMap for token ID "zzzzzz"')
  })

  it('is for machines that have not joined yet', () => {
    const t = older()
    const { out } = ssh(t, 'node-1', joinCommand(t))
    expect(out).toContain('\t[ERROR FileAvailable--etc-kubernetes-kubelet.conf]: /etc/kubernetes/kubelet.conf already exists\n')
    expect(out).toContain('\t[ERROR Port-10250]: Port 10250 is in use\n')
  })

  it('says what is missing before it begins', () => {
    const t = withBare()
    expect(ssh(t, 'node-9', 'kubeadm join').out).toContain(
      'error: discovery: Invalid value: "": bootstrapToken or file must be set\n',
    )
    expect(ssh(t, 'node-9', 'kubeadm join 172.18.0.1:6443').out).toContain(
      'the bootstrap token is invalid, discovery.tlsBootstrapToken',
    )
  })
})

describe('kubeadm upgrade', () => {
  it('plans: what it would do, and that kubeadm itself comes first', () => {
    const { out } = ssh(older(), CP, 'kubeadm upgrade plan', 40)
    expect(out).toContain('[upgrade/versions] Latest version in the v1.36 series: v1.36.3\n')
    expect(out).toContain('kube-apiserver            control-plane   v1.36.1   v1.36.3\n')
    expect(out).toContain('kubelet     node-1          v1.35.4   v1.36.3\n')
    expect(out).toContain('Note: Before you can perform this upgrade, you have to update kubeadm to v1.36.3.\n')
  })

  it('refuses versions that it is too old for', () => {
    const t = older()
    expect(ssh(t, CP, 'kubeadm upgrade apply v1.36.3 -y', 40)).toEqual({
      out: expect.stringContaining(
        '\t- Specified version to upgrade to "v1.36.3" is higher than the kubeadm version "v1.36.1". Upgrade kubeadm first using the tool you used to install kubeadm\n\nCan be bypassed if you pass the --force flag\n',
      ),
      status: 1,
    })
    expect(ssh(t, CP, 'kubeadm upgrade apply v1.37.2 -y', 40).out).toContain(
      'is at least one minor release higher than the kubeadm minor release (37 > 36). Such an upgrade is not supported\n',
    )
    expect(version(t)).toBe('v1.36.1')
  })

  it('asks before it does it, and nobody there means no', () => {
    const t = older()
    ssh(t, CP, "apt-get install -y kubeadm='1.36.3-*'", 10)
    const session = begun(t, CP, 'kubeadm upgrade apply v1.36.3')
    t.run(30)
    expect(taken(session).out).toMatch(/\[upgrade\] Are you sure you want to proceed\? \[y\/N\]: $/)
    session.close(0)
    t.run(1)
    expect(taken(session).out).toContain("won't proceed; the user didn't answer (Y|y) in order to continue")
  })

  it('gives the control plane another version, part by part, and the machines’ kubelets stay as they are', () => {
    const t = upgraded(older())
    expect(version(t)).toBe('v1.36.3')
    for (const part of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) expect(image(t, part)).toBe('v1.36.3')
    expect(t.get<any>('daemonsets.apps', 'kube-proxy', 'kube-system').spec.template.spec.containers[0].image).toContain('v1.36.3')
    expect(t.get<any>('configmaps', 'kubeadm-config', 'kube-system').data.ClusterConfiguration).toContain(
      'kubernetesVersion: v1.36.3',
    )
    expect(kubelets(t)).toEqual({ [CP]: 'v1.36.1', 'node-1': 'v1.35.4' })
    const again = ssh(t, CP, 'kubeadm upgrade apply v1.36.3 -y', 60)
    expect(again.out).toContain('Current and new manifests of kube-scheduler are equal, skipping upgrade\n')
    expect(again.status).toBe(0)
  })

  it('lets a worker follow: its kubelet is the new one once it is installed and started anew', () => {
    const t = upgraded(older())
    expect(ssh(t, 'node-1', "apt-get install -y kubelet='1.36.3-*'", 10).status).toBe(0)
    expect(kubelets(t)['node-1']).toBe('v1.35.4')
    const { out } = ssh(t, 'node-1', "apt-get install -y kubeadm='1.36.3-*' && kubeadm upgrade node", 15)
    expect(out).toContain('[upgrade/control-plane] Skipping phase. Not a control plane node.\n')
    ssh(t, 'node-1', 'systemctl daemon-reload; systemctl restart kubelet')
    expect(kubelets(t)['node-1']).toBe('v1.36.3')
  })

  it('goes on over a save in its middle, and what it came to is still so after another', () => {
    const t = older()
    ssh(t, CP, "apt-get install -y kubeadm='1.36.3-*'", 10)
    begun(t, CP, 'kubeadm upgrade apply v1.36.3 -y')
    t.run(25)
    const other = TestCluster.of(Cluster.load(t.cluster.save())).run(120)
    expect(version(other)).toBe('v1.36.3')
    expect(version(TestCluster.of(Cluster.load(other.cluster.save())))).toBe('v1.36.3')
  })

  it('needs CoreDNS, as the real one does', () => {
    const t = new TestCluster({ addons: ['kubeadm'], nodes: 1 }).run(60)
    expect(ssh(t, CP, 'kubeadm upgrade plan').out).toContain(
      "\t[ERROR CoreDNSUnsupportedPlugins]: start version '' not supported\n",
    )
  })

  it('takes one machine of three after the other', () => {
    const t = new TestCluster({ addons: ['dns', 'kubeadm-1.36.1'], nodes: 1, controlPlanes: 3 }).run(60)
    const install = "apt-get install -y kubeadm='1.36.3-*'"
    expect(ssh(t, 'control-plane-1', `${install} && kubeadm upgrade apply v1.36.3 -y`, 180).out).toContain(
      '[upgrade/addon] Skipping upgrade of addons because control plane instances [control-plane-2 control-plane-3] have not been upgraded\n',
    )
    for (const host of ['control-plane-2', 'control-plane-3'])
      expect(ssh(t, host, `${install} && kubeadm upgrade node`, 180).status).toBe(0)
    const servers = t.pods().filter(({ metadata }) => metadata.name.startsWith('kube-apiserver'))
    expect(servers.map(({ spec }) => spec.containers[0]?.image?.split(':')[1])).toEqual(['v1.36.3', 'v1.36.3', 'v1.36.3'])
    expect(t.get<any>('daemonsets.apps', 'kube-proxy', 'kube-system').spec.template.spec.containers[0].image).toContain('v1.36.3')
  })
})

describe('kubeadm certs', () => {
  it('tells until when each certificate is good, and renews them', () => {
    const t = older()
    const lines = (): string[] => ssh(t, CP, 'kubeadm certs check-expiration').out.split('\n')
    expect(lines()[3]).toBe(
      'CERTIFICATE                EXPIRES                  RESIDUAL TIME   CERTIFICATE AUTHORITY   EXTERNALLY MANAGED',
    )
    expect(lines()[5]).toBe(
      'apiserver                  Jan 01, 2027 00:00 UTC   364d            ca                      no      ',
    )
    t.cluster.fault({ kind: 'clock-jump', ms: 60 * 86_400_000 })
    expect(lines()[5]).toContain('304d')
    const { out } = ssh(t, CP, 'kubeadm certs renew all')
    expect(out).toContain('certificate for serving the Kubernetes API renewed\n')
    expect(lines()[5]).toContain('364d')
    expect(ssh(t, CP, 'kubeadm certs renew nothing').out).toContain(
      'error: unknown command "nothing" for "kubeadm certs renew"\n',
    )
  })
})

it('kubeadm says which it is, and what it does not know', () => {
  const t = older()
  expect(ssh(t, CP, 'kubeadm version -o short').out).toBe('v1.36.1\n')
  expect(ssh(t, 'node-1', 'kubelet --version').out).toBe('Kubernetes v1.35.4\n')
  expect(ssh(t, CP, 'kubeadm frobnicate').out).toContain('error: unknown command "frobnicate" for "kubeadm"\n')
  expect(ssh(t, CP, 'kubeadm join --bogus').out).toContain('error: unknown flag: --bogus\n')
  expect(ssh(t, CP, 'kubeadm upgrade --help').out).toContain('Upgrade your cluster smoothly to a newer version with this command')
})
