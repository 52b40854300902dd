/** Which parts of the certificates' curricula a lesson is about: CKA and CKAD, as they stand at version 1.35. */
import { Fragment } from 'react'

const CURRICULA: Record<string, [exam: string, domain: string]> = {
  Ka: ['CKA', 'Cluster Architecture, Installation & Configuration'],
  Kw: ['CKA', 'Workloads & Scheduling'],
  Kn: ['CKA', 'Services & Networking'],
  Ks: ['CKA', 'Storage'],
  Kt: ['CKA', 'Troubleshooting'],
  Ad: ['CKAD', 'Application Design and Build'],
  Ap: ['CKAD', 'Application Deployment'],
  Ao: ['CKAD', 'Application Observability and Maintenance'],
  Ae: ['CKAD', 'Application Environment, Configuration and Security'],
  An: ['CKAD', 'Services and Networking'],
}

/** ` · CKA · CKAD`, each with its domains behind it; tags that nobody knows stand as they are. */
export function Curricula({ tags }: { tags: readonly string[] }) {
  const domains = new Map<string, string[]>()
  for (const tag of tags) {
    const [exam, domain] = CURRICULA[tag] ?? [tag, '']
    domains.set(exam, [...(domains.get(exam) ?? []), domain])
  }
  return [...domains].map(([exam, of]) => (
    <Fragment key={exam}>
      {' · '}
      <abbr title={of.filter(Boolean).join(', ') || undefined}>{exam}</abbr>
    </Fragment>
  ))
}
