/** Entry: our kubectl in Node, over HTTP, against the server of a kubeconfig: `npm run kubectl -- get pods`. */
import { kubectl } from '#kubectl/kubectl.ts'
import { connectOverHttp, nodeIo } from './kubectl-node.ts'

const abort = new AbortController()
process.once('SIGINT', () => abort.abort())
const nowhere = { request: () => Promise.reject(new Error('no connection')), watch: () => () => {} }

kubectl(process.argv.slice(2), { connect: connectOverHttp, transport: nowhere, namespace: 'default' }, nodeIo(abort.signal)).then(
  (status) => {
    process.exitCode = status
    // What still listens (a watch, standard input) must not keep the process; output must be written first.
    process.stdout.write('', () => process.stderr.write('', () => process.exit(status)))
  },
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
