/** `kubectl cp`: files and folders into and out of containers, through tar inside them. */
import type { Pod } from '#api/kinds.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { joined } from '../kustomize/kustomization.ts'
import { containerOf } from '../pod-choice.ts'
import { captured } from '../remote.ts'
import { packed, unpacked } from '../tar.ts'
import { resourceOf } from '../targets.ts'

interface Place {
  namespace: string
  pod: string
  path: string
}

export const cp = command({
  name: 'cp',
  completes: 'files',
  async run(context) {
    const { args } = context
    if (args.length !== 2) throw new KubectlError('source and destination are required')
    const [from, to] = [placeOf(args[0] as string, context), placeOf(args[1] as string, context)]
    if (from.pod !== '' && to.pod !== '') throw new KubectlError('one of src or dest must be a local file specification')
    if (from.path === '' || to.path === '') throw new KubectlError('filepath can not be empty')
    if (from.pod === '' && to.pod === '') throw new KubectlError('one of src or dest must be a remote file specification')
    return from.pod !== '' ? fetch(context, from, to.path) : send(context, from.path, to)
  },
})

/** `[namespace/]pod:path`, or a local path. */
function placeOf(text: string, { namespace }: Context): Place {
  const cut = text.indexOf(':')
  if (cut < 0) return { namespace: '', pod: '', path: text }
  if (cut === 0) throw new KubectlError('filespec must match the canonical format: [[namespace/]pod:]file/path')
  const [front, path] = [text.slice(0, cut), text.slice(cut + 1)]
  const pieces = front.split('/')
  if (pieces.length === 1) return { namespace, pod: front, path }
  if (pieces.length === 2) return { namespace: pieces[0] as string, pod: pieces[1] as string, path }
  throw new KubectlError('filespec must match the canonical format: [[namespace/]pod:]file/path')
}

/** Runs a command in the container; its output comes back, its errors are shown. */
async function inside(context: Context, { namespace, pod }: Place, words: readonly string[], stdin?: string): Promise<string> {
  const { client, flags } = context
  const info = await resourceOf(context, 'pods')
  const found = await client.get<Pod>(info, namespace, pod)
  const phase = found.status?.phase ?? ''
  if (phase === 'Succeeded' || phase === 'Failed')
    throw new KubectlError(`cannot exec into a container in a completed pod; current phase is ${phase}`)
  const container = containerOf(context, found, flags.text('container'), false)
  return captured(
    context,
    {
      path: client.path(info, namespace, pod, 'exec'),
      query: [...words.map((word) => ['command', word] as const), ['container', container.name]],
      stdin: stdin !== undefined,
      tty: false,
    },
    stdin,
  )
}

async function fetch(context: Context, from: Place, to: string): Promise<number> {
  const { io } = context
  if (!io.write) throw new KubectlError('there are no files here that could be written')
  // Their errors go where everything else goes, as kubectl has it.
  const archive = await inside({ ...context, io: { ...io, err: io.out } }, from, ['tar', 'cf', '-', from.path])
  const prefix = joined(from.path.replace(/^\/+/, ''))
  const folder = (await io.list(to)) !== null
  for (const { name, content } of unpacked(archive)) {
    if (content === null || !(name === prefix || name.startsWith(`${prefix}/`))) continue
    const rest = name.slice(prefix.length)
    const into = rest === '' && folder ? joined(to, prefix.split('/').at(-1) as string) : joined(to, rest)
    if (into.split('/').includes('..')) {
      io.err(`warning: file ${JSON.stringify(name)} is outside target destination, skipping\n`)
      continue
    }
    await io.write(into, content)
  }
  return 0
}

async function send(context: Context, from: string, to: Place): Promise<number> {
  const { io } = context
  const base = joined(from).split('/').at(-1) as string
  let target = to.path
  if (target !== '/' && target.endsWith('/')) target = target.replace(/\/+$/, '')
  // Into a folder that is there, under the source's own name.
  const isFolder = await inside({ ...context, io: { ...io, err: () => {} } }, to, ['test', '-d', target]).then(
    () => true,
    () => false,
  )
  if (isFolder) target = joined(target, base)
  const files = await collected(context, from, target.split('/').at(-1) as string)
  const folder = target.split('/').slice(0, -1).join('/') || (target.startsWith('/') ? '/' : '')
  const words = ['tar', '-xmf', '-', ...(folder ? ['-C', folder] : [])]
  if (context.flags.is('no-preserve')) words.splice(1, 0, '--no-same-permissions', '--no-same-owner')
  const output = await inside(context, to, words, packed(files))
  if (output) io.out(output)
  return 0
}

async function collected({ io }: Context, path: string, name: string): Promise<{ name: string; content: string | null }[]> {
  const names = await io.list(path)
  if (names !== null) {
    const files: { name: string; content: string | null }[] = [{ name, content: null }]
    for (const one of names) files.push(...(await collected({ io } as Context, joined(path, one), `${name}/${one}`)))
    return files
  }
  try {
    return [{ name, content: await io.read(path) }]
  } catch {
    throw new KubectlError(`${path} doesn't exist in local filesystem`)
  }
}
