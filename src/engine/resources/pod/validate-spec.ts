/** Validation of Pod specs, of Pods and of templates alike (ValidatePodSpec, in its order). */
import { duplicate, forbiddenField, invalid, notFoundField, required, tooLong, unsupported } from '#api/field-error.ts'
import { legacyIpErrors } from '#api/ip.ts'
import type { PodSpec, Volume } from '#api/kinds.ts'
import { isDns1123Label, isDns1123Subdomain } from '#api/names.ts'
import { type Found, flag, labels, once } from './checks.ts'
import { between, dnsSubdomainWithUnderscore } from './formats.ts'
import { containers, ephemeralContainers, initContainers, type Scope } from './validate-containers.ts'
import { overhead, podResources } from './validate-resources.ts'
import { affinity, readinessGates, schedulingGates, spreading, tolerations } from './validate-scheduling.ts'
import { hostUsers, podSecurity } from './validate-security.ts'
import { validateVolumes } from './validate-volumes.ts'
import { eachContainer, hostProcess, systemFields } from './validate-windows.ts'

export interface SpecContext {
  /** The Pod's name, for the claims its volumes make; empty in templates. */
  podName: string
  /** A Pod, not a template. */
  isPod: boolean
  /** The stored spec, on updates: what it got wrong may stay. */
  old: PodSpec | null
  /** A static Pod's mirror. */
  isMirror?: boolean
}

type Any = Record<string, any>

const NO_VOLUMES: Volume[] = []
const NO_CLAIMS: ReadonlySet<string> = new Set()

function resourceClaims(found: Found, path: string, claims: Any[], isMirror: boolean): void {
  const names = new Set<string>()
  for (const [i, claim] of claims.entries()) {
    const at = `${path}[${i}]`
    if (isMirror) {
      found.push(forbiddenField('', 'static pods do not support resource claims'))
      continue
    }
    const { name = '', resourceClaimName, resourceClaimTemplateName } = claim
    if (name === '') found.push(required(`${at}.name`))
    else if (names.has(name)) found.push(duplicate(`${at}.name`, name))
    else {
      flag(found, `${at}.name`, name, isDns1123Label(name))
      names.add(name)
    }
    const shown = {
      Name: name,
      ResourceClaimName: resourceClaimName ?? null,
      ResourceClaimTemplateName: resourceClaimTemplateName ?? null,
    }
    const fields = '`resourceClaimName`'
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      found.push(invalid(at, shown, `at most one of ${fields} or \`resourceClaimTemplateName\` may be specified`))
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      found.push(invalid(at, shown, `must specify one of: ${fields}, \`resourceClaimTemplateName\``))
    }
    if (resourceClaimName !== undefined)
      flag(found, `${at}.resourceClaimName`, resourceClaimName, isDns1123Subdomain(resourceClaimName))
    if (resourceClaimTemplateName !== undefined) {
      flag(found, `${at}.resourceClaimTemplateName`, resourceClaimTemplateName, isDns1123Subdomain(resourceClaimTemplateName))
    }
  }
}

function hostNetworkPorts(found: Found, path: string, spec: PodSpec, isPod: boolean): void {
  if (!spec.hostNetwork) return
  for (const [i, container] of (spec.containers ?? []).entries()) {
    for (const [j, { hostPort = 0, containerPort }] of (container.ports ?? []).entries()) {
      if ((isPod || hostPort !== 0) && hostPort !== (containerPort ?? 0)) {
        const at = `${path}.containers[${i}].ports[${j}].hostPort`
        found.push(invalid(at, hostPort, 'must match `containerPort` when `hostNetwork` is true'))
      }
    }
  }
}

function choice(found: Found, path: string, value: string | undefined, choices: string[]): void {
  if (!value) found.push(required(path))
  else if (!choices.includes(value)) found.push(unsupported(path, value, choices))
}

const RESTART = ['Always', 'OnFailure', 'Never']
const DNS = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
const PREEMPTION = ['PreemptLowerPriority', 'Never']

const dnsConfig = once<Any>((found, path, { nameservers = [], searches = [], options = [] }) => {
  if (nameservers.length > 3) found.push(invalid(`${path}.nameservers`, nameservers, 'must not have more than 3 nameservers'))
  for (const [i, server] of nameservers.entries()) found.push(...legacyIpErrors(`${path}.nameservers[${i}]`, server))
  if (searches.length > 32) found.push(invalid(`${path}.searches`, searches, 'must not have more than 32 search paths'))
  if (searches.join(' ').length > 2048) {
    const why = 'must not have more than 2048 characters (including spaces) in the search list'
    found.push(invalid(`${path}.searches`, searches, why))
  }
  for (const [i, search] of (searches as string[]).entries()) {
    const name = search.replace(/\.$/, '')
    if (search !== '.') flag(found, `${path}.searches[${i}]`, name, dnsSubdomainWithUnderscore(name))
  }
  for (const [i, option] of options.entries())
    if (!option.name) found.push(required(`${path}.options[${i}]`, 'must not be empty'))
})

function dns(found: Found, path: string, spec: PodSpec): void {
  const config = spec.dnsConfig as Any | undefined
  if (spec.dnsPolicy === 'None') {
    if (!config) {
      found.push(required(path, 'must provide `dnsConfig` when `dnsPolicy` is None'))
      return
    }
    if (!config['nameservers']?.length) {
      found.push(required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'))
      return
    }
  }
  dnsConfig(found, path, config)
}

function hostnameOverride(found: Found, path: string, spec: PodSpec): void {
  const name = (spec as Any)['hostnameOverride'] as string | undefined
  if (name === undefined) return
  const at = `${path}.hostnameOverride`
  if (spec.setHostnameAsFQDN) found.push(forbiddenField(at, 'may not be specified when setHostnameAsFQDN is true'))
  if (spec.hostNetwork) found.push(forbiddenField(at, 'may not be specified when hostNetwork is true'))
  if (name.length > 64) found.push(tooLong(at, 64))
  flag(found, at, name, isDns1123Subdomain(name))
}

const hostAliases = once<NonNullable<PodSpec['hostAliases']>>((found, path, aliases) => {
  for (const [i, { ip = '', hostnames = [] }] of aliases.entries()) {
    found.push(...legacyIpErrors(`${path}[${i}].ip`, ip))
    for (const [j, name] of hostnames.entries()) flag(found, `${path}[${i}].hostnames[${j}]`, name, isDns1123Subdomain(name))
  }
})

/** Names of all sorts, and numbers, in the order of the Go validation. */
function names(found: Found, path: string, spec: PodSpec): void {
  const { serviceAccountName, nodeName, activeDeadlineSeconds: deadline, hostname, subdomain } = spec
  if (serviceAccountName) flag(found, `${path}.serviceAccountName`, serviceAccountName, isDns1123Subdomain(serviceAccountName))
  if (nodeName) flag(found, `${path}.nodeName`, nodeName, isDns1123Subdomain(nodeName))
  if (deadline !== undefined && (deadline < 1 || deadline > 2147483647)) {
    found.push(invalid(`${path}.activeDeadlineSeconds`, deadline, between(1, 2147483647)))
  }
  if (hostname) flag(found, `${path}.hostname`, hostname, isDns1123Label(hostname))
  if (subdomain) flag(found, `${path}.subdomain`, subdomain, isDns1123Label(subdomain))
  tolerations(found, `${path}.tolerations`, spec.tolerations)
  hostAliases(found, `${path}.hostAliases`, spec.hostAliases)
  const { priorityClassName, runtimeClassName, preemptionPolicy } = spec
  if (priorityClassName) flag(found, `${path}.priorityClassName`, priorityClassName, isDns1123Subdomain(priorityClassName))
  if (runtimeClassName !== undefined)
    flag(found, `${path}.runtimeClassName`, runtimeClassName, isDns1123Subdomain(runtimeClassName))
  if (preemptionPolicy !== undefined) choice(found, `${path}.preemptionPolicy`, preemptionPolicy, PREEMPTION)
  overhead(found, `${path}.overhead`, spec.overhead)
}

function system(found: Found, path: string, spec: PodSpec): void {
  if (!spec.os) return
  const name = spec.os.name ?? ''
  if (name === '') found.push(required(`${path}.os.name`))
  else if (name !== 'linux' && name !== 'windows') found.push(unsupported(`${path}.os`, name, ['linux', 'windows']))
  else systemFields(found, path, spec)
}

/** Files with environment variables come from emptyDir volumes. */
function envFiles(found: Found, path: string, spec: PodSpec): void {
  eachContainer(spec, path, (container, at) => {
    if (!container.env) return
    for (const [j, { valueFrom }] of container.env.entries()) {
      const file = (valueFrom as Any | undefined)?.['fileKeyRef'] as Any | undefined
      if (!file) continue
      const name = (file['volumeName'] ?? '') as string
      const field = `${at}.env[${j}].valueFrom.fileKeyRef.volumeName`
      const volume = spec.volumes?.findLast((v) => v.name === name)
      if (!volume) found.push(notFoundField(field, name))
      else if (!volume['emptyDir']) found.push(invalid(field, name, 'referenced volume must be of type emptyDir'))
    }
  })
}

const selector = once<Record<string, string>>((found, path, map) => labels(found, path, map))

export function validatePodSpec(
  found: Found,
  path: string,
  spec: PodSpec,
  { podName, isPod, old, isMirror = false }: SpecContext,
): void {
  if (spec.terminationGracePeriodSeconds === undefined) found.push(required(`${path}.terminationGracePeriodSeconds`))
  const volumes = validateVolumes(found, `${path}.volumes`, spec.volumes ?? NO_VOLUMES, podName, isPod)
  const claims = spec.resourceClaims
  if (claims) resourceClaims(found, `${path}.resourceClaims`, claims, isMirror)
  const allowRestartOnResize = old?.initContainers?.some(restartsOnResize) ?? false
  const claimNames = claims ? new Set(claims.map((c) => c.name).filter(Boolean)) : NO_CLAIMS
  const scope: Scope = { spec, volumes, claims: claimNames, allowRestartOnResize }
  containers(found, `${path}.containers`, scope)
  initContainers(found, `${path}.initContainers`, scope)
  ephemeralContainers(found, `${path}.ephemeralContainers`, scope)
  podResources(found, path, spec, claimNames)
  hostNetworkPorts(found, path, spec, isPod)
  choice(found, `${path}.restartPolicy`, spec.restartPolicy, RESTART)
  choice(found, `${path}.dnsPolicy`, spec.dnsPolicy, DNS)
  selector(found, `${path}.nodeSelector`, spec.nodeSelector)
  podSecurity(found, `${path}.securityContext`, spec, old?.securityContext?.['seLinuxChangePolicy'] !== undefined)
  affinity(found, `${path}.affinity`, spec.affinity)
  dns(found, `${path}.dnsConfig`, spec)
  readinessGates(found, `${path}.readinessGates`, spec.readinessGates)
  schedulingGates(found, `${path}.schedulingGates`, spec.schedulingGates)
  spreading(found, `${path}.topologySpreadConstraints`, spec.topologySpreadConstraints)
  hostProcess(found, path, spec)
  hostUsers(found, path, spec)
  hostnameOverride(found, path, spec)
  names(found, path, spec)
  system(found, path, spec)
  envFiles(found, path, spec)
}

const restartsOnResize = (container: Any): boolean =>
  container['restartPolicy'] !== 'Always' &&
  (container['resizePolicy'] ?? []).some((p: Any) => p['restartPolicy'] === 'RestartContainer')
