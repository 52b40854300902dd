/** Why somebody may not: the rule that is missing, and the commands that would give it. */

export interface MissingRule {
  user: string
  verb: string
  resource: string
  group: string
  namespace: string
  /** As it would stand in a Role. */
  rule: string
  commands: string[]
}

const FORBIDDEN =
  /User "([^"]+)" cannot (\S+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)"| at the cluster scope)/

/** Reads Kubernetes' own sentence; `null` when it is about something else. */
export function missingRule(message: string): MissingRule | null {
  const found = FORBIDDEN.exec(message)
  if (!found) return null
  const [, user = '', verb = '', resource = '', group = '', namespace = ''] = found
  const rule = `- apiGroups: ["${group}"]\n  resources: ["${resource}"]\n  verbs: ["${verb}"]`
  const full = group ? `${resource.replace(/\/.*/, '')}.${group}` : resource
  const role = namespace ? 'role' : 'clusterrole'
  const where = namespace ? ` -n ${namespace}` : ''
  const account = /^system:serviceaccount:([^:]+):(.+)$/.exec(user)
  const subject = account ? `--serviceaccount=${account[1]}:${account[2]}` : `--user=${user}`
  return {
    user,
    verb,
    resource,
    group,
    namespace,
    rule,
    commands: [
      `kubectl create ${role} may-${verb}-${resource.replace('/', '-')} --verb=${verb} --resource=${full}${where}`,
      `kubectl create ${role}binding may-${verb}-${resource.replace('/', '-')} --${role}=may-${verb}-${resource.replace('/', '-')} ${subject}${where}`,
    ],
  }
}
