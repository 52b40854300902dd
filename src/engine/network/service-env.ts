/** `WEB_SERVICE_HOST` and its kin: Services as environment variables (kubelet envvars.FromServices). */
import type { Service } from '#api/kinds.ts'

const envName = (text: string): string => text.toUpperCase().replaceAll('-', '_')

export function serviceEnv(services: Iterable<Service>): Record<string, string> {
  const env: Record<string, string> = {}
  for (const { metadata, spec } of services) {
    const ip = spec.clusterIP
    const first = spec.ports?.[0]
    if (!ip || ip === 'None' || !first) continue
    const name = envName(metadata.name)
    env[`${name}_SERVICE_HOST`] = ip
    env[`${name}_SERVICE_PORT`] = String(first.port)
    for (const port of spec.ports ?? []) if (port.name) env[`${name}_SERVICE_PORT_${envName(port.name)}`] = String(port.port)
    for (const [i, port] of (spec.ports ?? []).entries()) {
      const protocol = port.protocol ?? 'TCP'
      const url = `${protocol.toLowerCase()}://${ip}:${port.port}`
      if (i === 0) env[`${name}_PORT`] = url
      const prefix = `${name}_PORT_${port.port}_${protocol}`
      env[prefix] = url
      env[`${prefix}_PROTO`] = protocol.toLowerCase()
      env[`${prefix}_PORT`] = String(port.port)
      env[`${prefix}_ADDR`] = ip
    }
  }
  return env
}
