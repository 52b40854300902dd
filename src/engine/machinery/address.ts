/** Where the API server listens: one address for everybody, and one of its own for each machine of a control plane that has several. */

/** That of the machine, or of the load balancer in front of several. */
export const API_SERVER = { ip: '172.18.0.1', port: 6443 }

/** Far from those of nodes, of which there may be thousands. */
const OWN = '172.18.255.'

/** What the API server of a control plane's machine tells others to call it at. */
export const advertisedIp = (index: number, machines: number): string => (machines === 1 ? API_SERVER.ip : `${OWN}${index + 1}`)

export const isApiServer = (ip: string, port: number): boolean =>
  port === API_SERVER.port && (ip === API_SERVER.ip || ip.startsWith(OWN))
