/** Lifecycle hooks: a command in the container, an HTTP request to it, or a pause (kubelet lifecycle/handlers.go). */
import type { Container, LifecycleHandler } from '#api/kinds.ts'
import type { HttpOutcome } from '../machinery/http.ts'
import type { ContainerState } from './container.ts'
import { type Context, portOf } from './context.ts'
import { type PodRecord, podName } from './pod-record.ts'
import { listener } from './probe.ts'

export type HookEnd = { ok: true } | { ok: false; message: string }

export type HookKind = 'post-start' | 'pre-stop'

/** Go's `%v` of a list of words. */
const words = (list: readonly string[]): string => `[${list.join(' ')}]`

/** Runs a hook; `wait`: it ends later, as the purpose `KIND` of an exec or the due entry `hook`. */
export function runHook(
  ctx: Context,
  record: PodRecord,
  container: Container,
  state: ContainerState,
  hook: LifecycleHandler,
  kind: HookKind,
): HookEnd | 'wait' {
  if (hook.exec) {
    const command = hook.exec.command ?? []
    const error = ctx.runtime.exec(state, command, kind)
    return error ? { ok: false, message: execFailed(record, container, command, error, '') } : 'wait'
  }
  if (hook.sleep) {
    ctx.world.after(hook.sleep.seconds * 1000, ctx.part, 'hook', { uid: record.uid, name: container.name, id: state.id, kind })
    return 'wait'
  }
  if (hook.httpGet) return visit(ctx, record, container, hook.httpGet)
  return { ok: false, message: 'Cannot run handler: invalid handler' }
}

type HttpGet = NonNullable<LifecycleHandler['httpGet']>

/** The node asks the pod, whichever of its containers listens there, or somebody else. */
function visit(ctx: Context, record: PodRecord, container: Container, get: HttpGet): HookEnd {
  const { path: given = '', host = '', scheme = 'HTTP', httpHeaders = [] } = get
  const ip = record.sandbox?.ip ?? ''
  const port = portOf(container, get.port) ?? 0
  const path = given.startsWith('/') ? given : `/${given}`
  const headers: Record<string, string> = { 'user-agent': 'kube-lifecycle/1.36', accept: '*/*' }
  for (const { name, value } of httpHeaders) headers[name.toLowerCase()] = value
  const request = { method: 'GET', path, headers, from: ctx.hostIp }
  const outcome = asked()
  if (outcome.ok) return { ok: true }
  const address = `${host || ip}:${port}`
  const why = outcome.why === 'empty reply' ? 'EOF' : `dial tcp ${address}: connect: ${outcome.why}`
  const error = `Get "${scheme.toLowerCase()}://${address}${path}": ${why}`
  return {
    ok: false,
    message: `HTTP lifecycle hook (${given}) for Container "${container.name}" in Pod "${podName(record.pod)}" failed - error: ${error}`,
  }

  function asked(): HttpOutcome {
    if (host !== '' && host !== ip) {
      const from = { node: ctx.nodeName, podUid: '', ip: ctx.hostIp, namespace: '' }
      return ctx.network.fetch(from, host, port, request)
    }
    const target = listener(ctx, record, container, port)
    return target ? ctx.runtime.http(target, port, request) : { ok: false, why: 'connection refused' }
  }
}

function execFailed(record: PodRecord, container: Container, command: readonly string[], error: string, output: string): string {
  return `Exec lifecycle hook (${words(command)}) for Container "${container.name}" in Pod "${podName(record.pod)}" failed - error: ${error}, message: ${JSON.stringify(output)}`
}

/** What an executed hook's exit code means; the runtime's error tells only what it said to stderr. */
export function hookEnd(
  record: PodRecord,
  container: Container,
  hook: LifecycleHandler | undefined,
  code: number,
  output: string,
  errors: string,
): HookEnd {
  if (code === 0) return { ok: true }
  const command = hook?.exec?.command ?? []
  const error = `command '${command.join(' ')}' exited with ${code}: ${errors}`
  return { ok: false, message: execFailed(record, container, command, error, output) }
}
