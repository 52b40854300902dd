/** A rolling update, a StatefulSet and a preemption, told with kubectl; what comes of them, with names that chance chose masked. */
import { spawnSync } from 'node:child_process'

const apply = (kind: string, name: string, spec: object, rest: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name },
  spec: { selector: { matchLabels: { app: name } }, ...spec },
  ...rest,
})

const template = (app: string, image: string): object => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image }], terminationGracePeriodSeconds: 1 },
})

/** Wants three of a node's four processors, so that one such Pod fills a node. */
const big = (name: string, priorityClassName: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'big' } },
  spec: {
    priorityClassName,
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'main', image: 'nginx:1.27', resources: { requests: { cpu: '3' } } }],
  },
})

const priority = (name: string, value: number): object => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
})

export class Story {
  readonly #kubectl: string
  readonly #kubeconfig: string
  constructor(kubectl: string, kubeconfig: string) {
    this.#kubectl = kubectl
    this.#kubeconfig = kubeconfig
  }

  #run(args: string[], input = ''): string {
    const { status, stdout, stderr } = spawnSync(this.#kubectl, ['--kubeconfig', this.#kubeconfig, ...args], {
      input,
      encoding: 'utf8',
      timeout: 110_000,
    })
    if (status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}${stdout}`)
    return stdout
  }
  #say(line: string): string {
    return this.#run(line.split(' '))
  }
  #apply(...objects: object[]): void {
    this.#run(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))
  }
  #items(what: string): any[] {
    return JSON.parse(this.#say(`get ${what} -o json`)).items
  }
  #conditions({ status }: any): string[] {
    return (status.conditions ?? []).map((c: any) => `${c.type}=${c.status} ${c.reason ?? ''}: ${masked(c.message ?? '')}`).sort()
  }
  /** What was said of the objects of a kind, each thing once. */
  #events(kind: string, name: string): string[] {
    const said = this.#items(`events --field-selector involvedObject.kind=${kind}`)
      .filter((event) => event.involvedObject.name.startsWith(name))
      .map((event) => `${event.type} ${event.reason}: ${masked(event.message)}`)
    return [...new Set(said)].sort()
  }

  ready(): void {
    this.#say('wait --for=condition=Ready node --all --timeout=60s')
    this.#say('wait --for=create serviceaccount/default --timeout=60s')
  }

  rollingUpdate(): unknown {
    const web = (image: string): object => apply('Deployment', 'web', { replicas: 3, template: template('web', image) })
    for (const image of ['nginx:1.27', 'nginx:1.28']) {
      this.#apply(web(image))
      this.#say('rollout status deployment/web --timeout=100s')
    }
    const [deployment] = this.#items('deployments -l app!=none')
    const sets = this.#items('replicasets -l app=web').map(({ metadata, spec, status }) => ({
      name: metadata.name,
      revision: metadata.annotations['deployment.kubernetes.io/revision'],
      owner: metadata.ownerReferences[0].name,
      image: spec.template.spec.containers[0].image,
      wanted: spec.replicas,
      ready: status.readyReplicas ?? 0,
    }))
    const { observedGeneration, replicas, updatedReplicas, availableReplicas } = deployment.status
    const said = this.#events('Deployment', 'web')
    const counts = { observedGeneration, replicas, updatedReplicas, availableReplicas }
    const outcome = { sets: sets.sort(byRevision), conditions: this.#conditions(deployment), said, counts }
    this.#say('delete deployment web --cascade=foreground')
    return numbered(outcome)
  }

  statefulSet(): unknown {
    const db = (image: string, partition: number): object =>
      apply('StatefulSet', 'db', {
        replicas: 3,
        serviceName: 'db',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } },
        template: template('db', image),
      })
    for (const [image, partition] of [
      ['nginx:1.27', 0],
      ['nginx:1.28', 1],
    ] as const) {
      this.#apply(db(image, partition))
      this.#say('rollout status statefulset/db --timeout=100s')
    }
    const [set] = this.#items('statefulsets')
    const pods = this.#items('pods -l app=db').map(({ metadata, spec }) => ({
      name: metadata.name,
      revision: metadata.labels['controller-revision-hash'],
      index: metadata.labels['apps.kubernetes.io/pod-index'],
      image: spec.containers[0].image,
    }))
    const revisions = this.#items('controllerrevisions').map(({ metadata, revision }) => `${revision} ${metadata.name}`)
    const { currentRevision, updateRevision, readyReplicas, updatedReplicas } = set.status
    const status = { currentRevision, updateRevision, readyReplicas, updatedReplicas }
    const outcome = { pods, revisions: revisions.sort(), status, said: this.#events('StatefulSet', 'db') }
    this.#say('delete statefulset db --cascade=foreground')
    return numbered(outcome)
  }

  preemption(): unknown {
    this.#apply(priority('low', 1), priority('high', 1000))
    const low = ['low-1', 'low-2', 'low-3']
    this.#apply(...low.map((name) => big(name, 'low')))
    this.#say(`wait --for=condition=Ready pod ${low.join(' ')} --timeout=60s`)
    const before = new Map(this.#items('pods -l app=big').map(({ metadata, spec }) => [metadata.name, spec.nodeName]))
    this.#apply(big('winner', 'high'))
    this.#say('wait --for=condition=Ready pod winner --timeout=60s')
    let after = this.#items('pods -l app=big')
    for (let tries = 0; tries < 20 && after.length > low.length; tries++) after = this.#items('pods -l app=big')
    const victims = low.filter((name) => !after.some(({ metadata }) => metadata.name === name))
    const winner = after.find(({ metadata }) => metadata.name === 'winner')
    const outcome = {
      victims: victims.length,
      onTheVictimsNode: winner.spec.nodeName === before.get(victims[0] as string),
      of: this.#events('Pod', 'low').filter((line) => line.includes('Preempted')),
      winner: this.#events('Pod', 'winner').filter((line) => line.includes('Schedul')),
    }
    this.#say('delete pods -l app=big')
    return outcome
  }
}

const byRevision = (a: { revision: string }, b: { revision: string }): number => Number(a.revision) - Number(b.revision)

const masked = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UID')
    .replace(/\bnode-\d\b/g, 'NODE')
    .replace(/(-[0-9a-f]{8,10})-[a-z0-9]{5}\b/g, '$1-XXXXX')

/** An outcome with its hashes as numbers in the order of their first appearance: they are of Go's memory layout, which is not ours. */
function numbered(outcome: { said: string[] }): unknown {
  const seen: string[] = []
  const text = JSON.stringify(outcome).replace(/\b(web|db)-([0-9a-f]{7,10})\b/g, (_all, name, hash) => {
    if (!seen.includes(hash)) seen.push(hash)
    return `${name}-HASH${seen.indexOf(hash)}`
  })
  const told = JSON.parse(text)
  told.said.sort()
  return told
}
