/** `openssl`: finds the command, and says what went wrong. */
import { type Program, program } from '../program.ts'
import { type Command, Job, Later } from './command.ts'
import { keyCommands } from './commands/keys.ts'
import { req } from './commands/req.ts'
import { smallCommands } from './commands/small.ts'
import { verify } from './commands/verify.ts'
import { x509 } from './commands/x509.ts'
import { Wrong } from './options.ts'

const commands: readonly Command[] = [...keyCommands, req, x509, verify, ...smallCommands]

/** Those of the real one that are not there. */
const MISSING =
  'asn1parse ca ciphers cms crl crl2pkcs7 dhparam dsa dsaparam engine errstr gendsa info kdf list mac nseq ocsp passwd pkcs12 pkcs7 pkcs8 pkeyparam pkeyutl prime rehash rsautl s_client s_server s_time sess_id smime speed spkac srp storeutl ts'.split(
    ' ',
  )

const HELP = `help:\n\nStandard commands of this simulation\n${commands.map(({ name }) => `${name}\n`).join('')}`

const usage = ({ name, flags, values }: Command): string =>
  `Usage: ${name} [options]\n\nValid options are:\n${[
    ...flags.split(' ').map((flag) => ` -${flag}\n`),
    ...values
      .split(' ')
      .filter(Boolean)
      .map((value) => ` -${value} val\n`),
  ].join('')}`

export const openssl: Program = program({
  name: 'openssl',
  run(sys, data) {
    const [name = 'help', ...args] = sys.args
    if (name === 'help' || name === '-help' || name === '--help') {
      sys.out(HELP)
      return 0
    }
    const found = commands.find((each) => each.name === name)
    if (!found) {
      if (MISSING.includes(name)) return sys.fail(`'${name}' is not supported here`)
      sys.err(`Invalid command '${name}'; type "help" for a list.\n`)
      return 1
    }
    try {
      const job = new Job(sys, found, args, data)
      if (!job.has('help')) return found.run(job)
      sys.out(usage(found))
      return 0
    } catch (error) {
      if (error instanceof Later) return undefined
      if (!(error instanceof Wrong)) throw error
      sys.err(error.message)
      return 1
    }
  },
})
