/** `kubectl create quota`, `poddisruptionbudget`, `priorityclass` and `ingress`. */
import { parseLabelSelector } from '#api/selector-parse.ts'
import { KubectlError } from '../../command.ts'
import { generator, object } from './generator.ts'

export const quota = generator({
  name: 'quota',
  failure: 'failed to create quota: ',
  make({ flags }, name) {
    const hard = amountsOf(flags.text('hard'))
    const scopes = flags.text('scopes')
    if (scopes.split(',').includes('') && scopes) throw new KubectlError('invalid resource quota scope ""')
    return object('v1', 'ResourceQuota', name, {
      spec: { ...(hard ? { hard } : {}), ...(scopes ? { scopes: scopes.split(',') } : {}) },
      status: {},
    })
  },
})

/** `cpu=1,memory=1Gi`; undefined for an empty text. */
export function amountsOf(text: string): Record<string, string> | undefined {
  if (text === '') return undefined
  const amounts: Record<string, string> = {}
  for (const part of text.split(',')) {
    const [name, amount, ...more] = part.split('=')
    if (name === undefined || amount === undefined || more.length > 0)
      throw new KubectlError(`Invalid argument syntax ${part}, expected <resource>=<value>`)
    if (!/^[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/.test(amount)) {
      throw new KubectlError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
    }
    amounts[name] = amount
  }
  return amounts
}

const intOrText = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text)

export const podDisruptionBudget = generator({
  name: 'poddisruptionbudget',
  failure: 'failed to create poddisruptionbudgets: ',
  make({ flags }, name) {
    const [min, max, text] = [flags.text('min-available'), flags.text('max-unavailable'), flags.text('selector')]
    if (!text) throw new KubectlError('a selector must be specified')
    if (!min && !max) throw new KubectlError('one of min-available or max-unavailable must be specified')
    if (min && max) throw new KubectlError('min-available and max-unavailable cannot be both specified')
    for (const [flag, value] of [
      ['min-available', min],
      ['max-unavailable', max],
    ]) {
      if (value && !/^[0-9]+%?$/.test(value)) throw new KubectlError(`invalid format specified for ${flag}`)
    }
    const selector = parseLabelSelector(text)
    if (typeof selector === 'string') throw new KubectlError(selector)
    // Only what was written with `=` becomes a label.
    const written = new Set([...text.matchAll(/(?:^|,)\s*([^\s=!,()]+)\s*==?/g)].map(([, key]) => key))
    const equal = selector.filter((r) => r.op === 'In' && written.has(r.key))
    const rest = selector.filter((r) => !equal.includes(r))
    const matchLabels = Object.fromEntries(equal.map((r) => [r.key, r.values[0]]))
    const matchExpressions = rest.map(({ key, op, values }) => ({ key, operator: op, ...(values.length > 0 ? { values } : {}) }))
    return object('policy/v1', 'PodDisruptionBudget', name, {
      spec: {
        ...(min ? { minAvailable: intOrText(min) } : {}),
        selector: { ...(equal.length > 0 ? { matchLabels } : {}), ...(rest.length > 0 ? { matchExpressions } : {}) },
        ...(max ? { maxUnavailable: intOrText(max) } : {}),
      },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    })
  },
})

export const priorityClass = generator({
  name: 'priorityclass',
  failure: 'failed to create priorityclass: ',
  make: ({ flags }, name) =>
    object('scheduling.k8s.io/v1', 'PriorityClass', name, {
      value: flags.int('value'),
      ...(flags.is('global-default') ? { globalDefault: true } : {}),
      ...(flags.text('description') ? { description: flags.text('description') } : {}),
      preemptionPolicy: flags.text('preemption-policy'),
    }),
})

const RULE = /^([^/]*)\/([^=]*)=([^,:]+):([^,]+)(,tls(=(\S+))?)?$/

const backendOf = (service: string, port: string) => ({
  service: { name: service, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } },
})

export const ingress = generator({
  name: 'ingress',
  failure: 'failed to create ingress: ',
  make({ flags }, name) {
    const [fallback, rules] = [flags.text('default-backend'), flags.all('rule')]
    if (!fallback && rules.length === 0) {
      throw new KubectlError(
        'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
      )
    }
    const annotations = flags.all('annotation').map((text) => {
      const cut = text.indexOf('=')
      if (cut < 0) throw new KubectlError(`annotation ${text} is invalid and should be in format key=[value]`)
      return [text.slice(0, cut), text.slice(cut + 1)]
    })
    const [service = '', port, ...more] = fallback.split(':')
    if (fallback && (port === undefined || more.length > 0))
      throw new KubectlError('default-backend should be in format servicename:serviceport')
    const made = object('networking.k8s.io/v1', 'Ingress', name, {
      spec: {
        ...(flags.text('class') ? { ingressClassName: flags.text('class') } : {}),
        ...(fallback ? { defaultBackend: backendOf(service, port as string) } : {}),
        ...tlsAndRules(rules),
      },
      status: { loadBalancer: {} },
    })
    return annotations.length > 0
      ? { ...made, metadata: { ...made.metadata, annotations: Object.fromEntries(annotations) } }
      : made
  },
})

/** Rules of the same host share one entry, hosts of the same secret one TLS entry. */
function tlsAndRules(texts: readonly string[]): { tls?: object[]; rules?: object[] } {
  const rules = new Map<string, object[]>()
  const tls: { hosts?: string[]; secretName?: string }[] = []
  const secured = new Set<string>()
  for (const text of texts) {
    const [, host = '', raw = '', service = '', port = '', wanted, , secret = ''] = RULE.exec(text) ?? []
    if (!service)
      throw new KubectlError(`rule ${text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`)
    const prefix = raw.endsWith('*')
    const path = {
      path: `/${prefix ? raw.slice(0, -1) : raw}`,
      pathType: prefix ? 'Prefix' : 'Exact',
      backend: backendOf(service, port),
    }
    rules.set(host, [...(rules.get(host) ?? []), path])
    if (!wanted || secured.has(host)) continue
    secured.add(host)
    const known = tls.find((entry) => (entry.secretName ?? '') === secret)
    if (known) known.hosts = [...(known.hosts ?? []), host]
    else if (host || secret) tls.push({ ...(host ? { hosts: [host] } : {}), ...(secret ? { secretName: secret } : {}) })
  }
  return {
    ...(tls.length > 0 ? { tls } : {}),
    ...(rules.size > 0 ? { rules: [...rules].map(([host, paths]) => ({ ...(host ? { host } : {}), http: { paths } })) } : {}),
  }
}
