/** Our kubectl as one file for Node: bundling it once is cheaper than once per command. */
import path from 'node:path'
import { rolldown } from 'rolldown'

/** Resolves with the command line that runs it. */
export async function bundleKubectl(root: string): Promise<string> {
  const file = path.resolve(root, '.cache', 'kubectl.mjs')
  const bundle = await rolldown({
    input: path.resolve(root, 'src/kubectl-cli.ts'),
    cwd: root,
    platform: 'node',
    logLevel: 'silent',
  })
  await bundle.write({ file, format: 'esm', codeSplitting: false })
  return `${process.execPath} ${file}`
}
