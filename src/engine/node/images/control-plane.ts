/** The control plane's parts and kube-proxy as images: that one of them runs is all there is to it, for what they do is this engine itself. */
import { formatTime } from '#api/time.ts'
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import { type Image, image } from '../image.ts'
import type { Host } from '../programs/program.ts'

interface Row {
  name: string
  sizeMb: number
  memoryMi: number
  cpuMilli: number
  ports: readonly number[]
  /** What it says when it starts: file, line and words of klog. */
  says: readonly [where: string, words: string][]
}

const ROWS: readonly Row[] = [
  {
    name: 'kube-apiserver',
    sizeMb: 30,
    memoryMi: 230,
    cpuMilli: 60,
    ports: [6443],
    says: [
      ['secure_serving.go:211', 'Serving securely on [::]:6443'],
      ['shared_informer.go:356', '"Caches are synced" controller="node_authorizer"'],
    ],
  },
  {
    name: 'kube-controller-manager',
    sizeMb: 22,
    memoryMi: 50,
    cpuMilli: 20,
    ports: [10_257],
    says: [
      ['serving.go:386', 'Generated self-signed cert in-memory'],
      ['secure_serving.go:211', 'Serving securely on 127.0.0.1:10257'],
      ['leaderelection.go:257', 'attempting to acquire leader lease kube-system/kube-controller-manager...'],
    ],
  },
  {
    name: 'kube-scheduler',
    sizeMb: 17,
    memoryMi: 22,
    cpuMilli: 5,
    ports: [10_259],
    says: [
      ['serving.go:386', 'Generated self-signed cert in-memory'],
      ['secure_serving.go:211', 'Serving securely on 127.0.0.1:10259'],
      ['leaderelection.go:257', 'attempting to acquire leader lease kube-system/kube-scheduler...'],
    ],
  },
  {
    name: 'kube-proxy',
    sizeMb: 25,
    memoryMi: 18,
    cpuMilli: 1,
    ports: [],
    says: [
      ['server_linux.go:53', '"Using iptables proxy"'],
      ['shared_informer.go:356', '"Caches are synced" controller="service config"'],
      ['shared_informer.go:356', '"Caches are synced" controller="endpoint slice config"'],
      ['shared_informer.go:356', '"Caches are synced" controller="node config"'],
    ],
  },
]

/** A line of klog: `I1130 20:31:05.000000       1 file.go:1] words`. */
function say(host: Host, [where, words]: readonly [string, string]): void {
  const [day, clock] = formatTime(host.now).slice(5, 19).replace('-', '').split('T')
  const micros = String((host.now % 1000) * 1000).padStart(6, '0')
  host.out(`I${day} ${clock}.${micros}       1 ${where}] ${words}\n`, 'stderr')
}

const HEALTH = /^\/(?:healthz|livez|readyz)(?:[/?]|$)/

/** Health is told to everybody, the rest to whoever may ask, which is nobody here. */
function answer({ path }: HttpRequest): HttpReply {
  if (HEALTH.test(path)) return { status: 200, body: 'ok', headers: { 'content-type': 'text/plain; charset=utf-8' } }
  const message = `forbidden: User "system:anonymous" cannot get path "${path}"`
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: 'Forbidden', code: 403 }
  return { status: 403, body: JSON.stringify({ ...body, details: {} }), headers: { 'content-type': 'application/json' } }
}

const imageOf = ({ name, sizeMb, memoryMi, cpuMilli, ports, says }: Row): Image =>
  image({
    name,
    sizeMb,
    words: [name, `/usr/local/bin/${name}`],
    shell: false,
    start(host) {
      for (const each of says) say(host, each)
      return null
    },
    listens: () => ports,
    http: (request, state) => [answer(request), state],
    memoryMi: () => memoryMi,
    cpuMilli: () => cpuMilli,
  })

export const controlPlane: readonly Image[] = ROWS.map(imageOf)
