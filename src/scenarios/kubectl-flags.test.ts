/** Flags of kubectl that were once taken in silence, in front of a cluster. */
import { expect, it } from 'vitest'
import { Cluster } from '#engine'
import { createShell } from '#shell/shell.ts'
import { inProcess } from '#transport/in-process.ts'

const MANIFEST =
  "printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: s}\\ndata: {a: one}\\n' > c.yaml; kubectl apply -f c.yaml"

function desk(): (line: string) => Promise<string> {
  const cluster = new Cluster()
  cluster.run(15_000)
  const sleep = async (ms: number): Promise<void> => void cluster.run(ms)
  const shell = createShell({ transport: inProcess(cluster), now: () => cluster.world.now, sleep })
  return async (line) => {
    let text = ''
    const write = (more: string): void => void (text += more)
    await shell.run(line, { write, error: write, signal: new AbortController().signal, columns: 80 })
    return text
  }
}

it('tables of kubectl’s own have a name and an age', async () => {
  const run = desk()
  expect(await run('kubectl get ns default --server-print=false')).toBe('NAME      AGE\ndefault   15s\n')
})

it('edit tells its patch, and edit-last-applied changes the annotation alone', async () => {
  const run = desk()
  await run(MANIFEST)
  const applied = "kubectl get cm s -o jsonpath='{.data.a} {.metadata.annotations}'"
  expect(await run('KUBE_EDITOR="sed -i s/one/two/" kubectl apply edit-last-applied cm/s')).toBe('configmap/s edited\n')
  expect(await run(applied)).toMatch(/^one .*two/)
  const told = await run('KUBE_EDITOR="sed -i \'s/a: one/a: three/\'" kubectl edit cm s --output-patch')
  expect(told).toBe('Patch: {"data":{"a":"three"}}\nconfigmap/s edited\n')
})

it('edit changes the subresource it is given', async () => {
  const run = desk()
  await run('kubectl create deployment web --image=nginx')
  const told = await run(
    'KUBE_EDITOR="sed -i \'s/replicas: 1/replicas: 3/\'" kubectl edit deploy web --subresource=scale --output-patch',
  )
  expect(told).toBe('Patch: {"spec":{"replicas":3}}\nscale.autoscaling/web edited\n')
  expect(await run("kubectl get deploy web -o jsonpath='{.spec.replicas}'")).toBe('3')
})

it('what is not supported is refused', async () => {
  const run = desk()
  expect(await run('kubectl run x --image=nginx --timeout=5s')).toMatch(/^error: --timeout is not supported here: /)
  expect(await run('kubectl get pods --server-print=false -w')).toMatch(/^error: --server-print=false is not supported here/)
})

it('a Secret holds a file whole: bytes that are no text, and many of them', async () => {
  const run = desk()
  await run("printf '\\377\\376a' > odd; head -c 300000 /dev/zero | tr '\\000' a > large")
  const made = (file: string) =>
    `kubectl create secret generic s --from-file=${file} --dry-run=client -o jsonpath='{.data.${file}}'`
  expect(await run(made('odd'))).toBe('//5h')
  expect(await run(`${made('large')} | wc -c`)).toMatch(/^\s*400000\s*$/)
})
