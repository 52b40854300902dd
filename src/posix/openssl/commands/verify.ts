/** `openssl verify`: whether certificates lead to an authority that is trusted. */
import { type Certificate, isSignedWith, keyOf, readCertificate } from '#api/x509/certificate.ts'
import { command, type Job } from '../command.ts'
import { oneLine } from '../names.ts'
import { Wrong } from '../options.ts'
import { certificateIn } from './x509.ts'

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

const WORDS: Readonly<Record<number, string>> = {
  7: 'certificate signature failure',
  9: 'certificate is not yet valid',
  10: 'certificate has expired',
  18: 'self-signed certificate',
  19: 'self-signed certificate in certificate chain',
  20: 'unable to get local issuer certificate',
}

function bundle(job: Job, option: string): Certificate[] {
  return job.options.all(option).flatMap((path) => {
    if (!job.exists(path)) throw new Wrong(`Error loading file ${path}\n`)
    return (job.read(path, 'certificates').match(BLOCK) ?? []).flatMap((block) => readCertificate(block) ?? [])
  })
}

interface Fault {
  code: number
  depth: number
  at: Certificate
}

const isNamed = (name: { whole: Uint8Array }, other: { whole: Uint8Array }): boolean => name.whole.join() === other.whole.join()

function faultOf(leaf: Certificate, trusted: readonly Certificate[], between: readonly Certificate[], now: number): Fault | null {
  let at = leaf
  for (let depth = 0; depth < 10; depth++) {
    if (now < at.from) return { code: 9, depth, at }
    if (now > at.until) return { code: 10, depth, at }
    const own = isNamed(at.issuer, at.subject)
    if (own && trusted.some((each) => each.whole.join() === at.whole.join())) return null
    const issuer = [...trusted, ...between].find((each) => isNamed(each.subject, at.issuer))
    if (!issuer || own) return { code: own ? (depth === 0 ? 18 : 19) : 20, depth, at }
    if (!isSignedWith(at, keyOf(issuer))) return { code: 7, depth, at }
    at = issuer
  }
  return { code: 20, depth: 10, at }
}

export const verify = command({
  name: 'verify',
  flags: 'verbose show_chain partial_chain no-CAfile no-CApath',
  values: 'CAfile trusted untrusted purpose CApath',
  run(job) {
    const trusted = [...bundle(job, 'CAfile'), ...bundle(job, 'trusted')]
    const between = bundle(job, 'untrusted')
    let status = 0
    for (const path of job.options.rest.length > 0 ? job.options.rest : [undefined]) {
      const leaf = certificateIn(job, path, path === undefined ? 'certificate' : 'certificate file')
      const name = path ?? 'stdin'
      const fault = faultOf(leaf, trusted, between, job.sys.now)
      if (!fault) {
        job.sys.out(`${name}: OK\n`)
        continue
      }
      const { code, depth, at } = fault
      job.sys.err(
        `${oneLine(at.subject)}\nerror ${code} at ${depth} depth lookup: ${WORDS[code]}\nerror ${name}: verification failed\n`,
      )
      status = 2
    }
    return status
  },
})
