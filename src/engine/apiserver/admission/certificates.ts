/** CertificateApproval, CertificateSigning and CertificateSubjectRestriction: who may approve and sign, and for whom nobody may. */

import { decodeText } from '#api/base64.ts'
import { equal } from '#api/equal.ts'
import type { AnyObject } from '#api/meta.ts'
import { readRequest } from '#api/x509/request.ts'
import { decide } from '../auth/authorizer.ts'
import { type Ask, plugin, refuse } from './plugin.ts'

const resources = ['certificatesigningrequests.certificates.k8s.io']

/** By the signer's own name, or for all of its domain. */
function mayFor({ user, server }: Ask, verb: string, signer: string): boolean {
  return [signer, `${signer.split('/')[0]}/*`].some((name) => {
    const resource = { group: 'certificates.k8s.io', plural: 'signers', subresource: '', namespace: '', name }
    return decide({ user, verb, resource, path: '' }, server).allowed
  })
}

function permitted(ask: Ask, verb: string, signer: string): void {
  if (!mayFor(ask, verb, signer))
    throw refuse(ask, `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`)
}

export const certificateApproval = plugin({
  name: 'CertificateApproval',
  operations: ['UPDATE'],
  resources,
  validate(_object: AnyObject, ask: Ask) {
    if (ask.subresource === 'approval') permitted(ask, 'approve', ask.old?.['spec']?.signerName ?? '')
  },
})

export const certificateSigning = plugin({
  name: 'CertificateSigning',
  operations: ['UPDATE'],
  resources,
  validate(object: AnyObject, ask: Ask) {
    if (ask.subresource !== 'status' || !ask.old) return
    const [next, old] = [object['status'] ?? {}, ask.old['status'] ?? {}]
    if (next.certificate === old.certificate && equal(next.conditions ?? [], old.conditions ?? [])) return
    permitted(ask, 'sign', ask.old['spec']?.signerName ?? '')
  },
})

const CLIENT = 'kubernetes.io/kube-apiserver-client'

export const certificateSubjectRestriction = plugin({
  name: 'CertificateSubjectRestriction',
  operations: ['CREATE'],
  resources,
  validate(object: AnyObject, ask: Ask) {
    const { signerName, request = '' } = object['spec'] ?? {}
    if (ask.subresource !== '' || signerName !== CLIENT) return
    const parsed = readRequest(decodeText(request) ?? '')
    if (!parsed) throw refuse(ask, 'failed to parse CSR: asn1: syntax error')
    if (parsed.organizations.includes('system:masters')) {
      throw refuse(ask, `use of ${CLIENT} signer with system:masters group is not allowed`)
    }
  },
})
