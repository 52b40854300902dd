/** Lifecycle hooks: a command in the container, an HTTP request to it, or a pause (kubelet lifecycle/handlers.go). */
import type { Container, LifecycleHandler } from '#api/kinds.ts'
import type { ContainerState } from './container.ts'
import { type Context, portOf } from './context.ts'
import { type PodRecord, podName } from './pod-record.ts'

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
  if (hook.httpGet) {
    const port = portOf(container, hook.httpGet.port) ?? 0
    const path = hook.httpGet.path ?? '/'
    const outcome = ctx.runtime.http(state, port, {
      method: 'GET',
      path,
      headers: { 'user-agent': 'kube-lifecycle/1.36' },
      from: ctx.hostIp,
    })
    if (outcome.ok) return { ok: true }
    const address = `${record.sandbox?.ip ?? ''}:${port}`
    const error = `Get "http://${address}${path}": dial tcp ${address}: connect: ${outcome.why}`
    return {
      ok: false,
      message: `HTTP lifecycle hook (${path}) for Container "${container.name}" in Pod "${podName(record.pod)}" failed - error: ${error}`,
    }
  }
  return { ok: false, message: 'Cannot run handler: invalid handler' }
}

function execFailed(record: PodRecord, container: Container, command: readonly string[], error: string, output: string): string {
  return `Exec lifecycle hook (${words(command)}) for Container "${container.name}" in Pod "${podName(record.pod)}" failed - error: ${error}, message: ${JSON.stringify(output)}`
}

/** What an executed hook's exit code means. */
export function hookEnd(
  record: PodRecord,
  container: Container,
  hook: LifecycleHandler | undefined,
  code: number,
  output: string,
): HookEnd {
  if (code === 0) return { ok: true }
  const command = hook?.exec?.command ?? []
  const error = `command '${command.join(' ')}' exited with ${code}: ${output}`
  return { ok: false, message: execFailed(record, container, command, error, output) }
}
