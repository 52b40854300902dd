/** The cluster's administrator: who asks without saying who he is. */
import type { ApiRequest } from '#api/request.ts'

/** Whether a request may change the world: any that writes, and any that is passed on to a container. */
export const changes = ({ method, path }: ApiRequest): boolean => method !== 'GET' || path.includes('/proxy')

const ADMIN = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
/** As whom kubeadm sets up a cluster. */
export const ADMINISTRATOR = { user: ADMIN.name, groups: ['system:masters'], manager: 'kubeadm' }

/** Who doesn't say who he is, is the administrator; a token says it, and a certificate. */
export const asAdmin = (request: ApiRequest): ApiRequest =>
  request.user || request.certificate || request.headers?.['authorization'] ? request : { ...request, user: ADMIN }
