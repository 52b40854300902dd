/** What kubectl tells of several files when something is wrong with some of them. */
import { expect, it } from 'vitest'
import { Cluster } from '#engine'
import { createShell } from '#shell/shell.ts'
import { inProcess } from '#transport/in-process.ts'

const unknown = (name: string): string =>
  `resource mapping not found for name: "${name}" namespace: "" from "${name}.yaml": no matches for kind "Nope" in version "nope/v1"
ensure CRDs are installed first`
const refused = 'Error from server (NotFound): error when creating "c.yaml": namespaces "none" not found'

/** A terminal beside `a.yaml` and `b.yaml` of an unknown kind, `c.yaml` in a missing namespace and `d.yaml` with a wrong name. */
async function desk(): Promise<(line: string) => Promise<string>> {
  const cluster = new Cluster()
  cluster.run(15_000)
  const sleep = async (ms: number): Promise<void> => void cluster.run(ms)
  const shell = createShell({ transport: inProcess(cluster), now: () => cluster.world.now, sleep })
  const run = async (line: string): Promise<string> => {
    let text = ''
    const write = (more: string): void => void (text += more)
    await shell.run(line, { write, error: write, signal: new AbortController().signal, columns: 80 })
    return text.trimEnd()
  }
  for (const name of ['a', 'b'])
    await run(`printf 'apiVersion: nope/v1\\nkind: Nope\\nmetadata: {name: ${name}}\\n' > ${name}.yaml`)
  await run("printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: c, namespace: none}\\n' > c.yaml")
  await run("printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: BAD}\\n' > d.yaml")
  return run
}

it('apply puts several files that cannot be read into brackets when the server refuses something as well', async () => {
  const run = await desk()
  expect(await run('kubectl apply -f a.yaml -f b.yaml')).toBe(`${unknown('a')}\n${unknown('b')}`)
  expect(await run('kubectl apply -f a.yaml -f c.yaml')).toBe(`${unknown('a')}\n${refused}`)
  expect(await run('kubectl apply -f a.yaml -f a.yaml -f c.yaml')).toBe(`${unknown('a')}\n${refused}`)
  expect(await run('kubectl apply -f a.yaml -f b.yaml -f c.yaml')).toBe(`[${unknown('a')}, ${unknown('b')}]\n${refused}`)
})

it('diff tells the first mistake of all files alone', async () => {
  const run = await desk()
  expect(await run('kubectl diff -f a.yaml -f d.yaml -f b.yaml; echo $?')).toBe(`error: ${unknown('a')}\n2`)
  expect(await run('kubectl diff -f d.yaml -f a.yaml; echo $?')).toMatch(/^The ConfigMap "BAD" is invalid: [^\n]*\n2$/)
})

it('a dry run of delete in the client asks nobody whether there is such an object', async () => {
  const run = await desk()
  expect(await run('kubectl delete -f c.yaml --dry-run=client')).toBe('configmap "c" deleted from none namespace (dry run)')
  expect(await run('kubectl delete cm x --dry-run=client')).toBe('configmap "x" deleted from default namespace (dry run)')
  expect(await run('kubectl delete cm x --dry-run=server')).toBe('Error from server (NotFound): configmaps "x" not found')
})
