/** Asks the cluster what checks can't watch, on simulated time: logs, rights, names. Each answer is told when it has changed. */
import type { AnyObject } from '#api/meta.ts'
import type { Transport } from '#api/request.ts'
import type { Client } from '#client/client.ts'
import { type Ask, askOf } from './check/asked.ts'
import { fits } from './check/happenings.ts'
import { isReady } from './check/value.ts'

const EVERY_MS = 2000
const TAIL_LINES = 20

interface Around {
  client: Client
  transport: Transport
  pods(): readonly AnyObject[]
  /** Counts up with every change that was seen: rights change by writes alone. */
  changes(): number
  told(need: string, answer: string | undefined): void
}

export class Asker {
  readonly #around: Around
  #last = new Map<string, { at: number; changes: number }>()
  #open = new Set<string>()

  constructor(around: Around) {
    this.#around = around
  }

  tick(now: number, needs: Iterable<string>): void {
    for (const need of needs) {
      const last = this.#last.get(need)
      const changes = this.#around.changes()
      if (this.#open.has(need) || (last && now - last.at < EVERY_MS)) continue
      const ask = askOf(need)
      if (ask.ask === 'can' && last?.changes === changes) continue
      this.#last.set(need, { at: now, changes })
      this.#open.add(need)
      void this.#answer(ask)
        .catch(() => undefined)
        .then((answer) => {
          this.#open.delete(need)
          this.#around.told(need, answer)
        })
    }
  }

  async #answer(ask: Ask): Promise<string | undefined> {
    if (ask.ask === 'can') return this.#may(ask)
    const pod = this.#pod(ask.namespace, ask.pod)
    if (pod === undefined) return undefined
    const path = `/api/v1/namespaces/${ask.namespace}/pods/${pod}`
    if (ask.ask === 'lookup') return this.#lookUp(path, ask.name)
    const container = ask.container === '' ? '' : `&container=${ask.container}`
    const { status, body } = await this.#around.transport.request({
      method: 'GET',
      path: `${path}/log?tailLines=${TAIL_LINES}${container}`,
    })
    return status === 200 ? String(body) : undefined
  }

  #pod(namespace: string, pattern: string): string | undefined {
    if (!pattern.endsWith('*')) return pattern
    return this.#around
      .pods()
      .filter((pod) => pod.metadata.namespace === namespace && fits(pattern, pod.metadata.name) && isReady(pod))
      .map((pod) => pod.metadata.name)
      .sort()[0]
  }

  async #may({ user, groups = [], verb, resource, namespace }: Extract<Ask, { ask: 'can' }>): Promise<string> {
    const [word = '', subresource = ''] = resource.split('/')
    const dot = word.indexOf('.')
    const [plural, group] = dot < 0 ? [word, ''] : [word.slice(0, dot), word.slice(dot + 1)]
    const resourceAttributes = { verb, group, resource: plural, subresource, namespace }
    const { body } = await this.#around.transport.request({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user, groups, resourceAttributes } },
    })
    return (body as AnyObject)['status']?.allowed === true ? 'yes' : 'no'
  }

  /** As a program in the pod would: by its own resolver. */
  #lookUp(path: string, name: string): Promise<string> {
    const command = ['nslookup', name].map((word) => `command=${encodeURIComponent(word)}`).join('&')
    return new Promise((done) => {
      let out = ''
      const stream = this.#around.client.stream('POST', `${path}/exec?stdout=true&stderr=true&${command}`, {
        onData: (channel, data) => {
          if (channel === 1) out += data
        },
        onEnd: () => done(addressesIn(out)),
      })
      if (!stream) done('')
    })
  }
}

/** Addresses below the first `Name:` of nslookup; those above are the server's own. */
function addressesIn(text: string): string {
  const answer = text.slice(Math.max(0, text.search(/^Name:/m)))
  if (!/^Name:/m.test(answer)) return ''
  return [...answer.matchAll(/^Address(?: \d+)?:\s*([\d.]+)/gm)]
    .map((m) => m[1])
    .sort()
    .join(',')
}
