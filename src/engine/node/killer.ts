/** Ending containers: preStop hook, SIGTERM, and SIGKILL at the end of the grace period (kuberuntime_container.go killContainer). */
import type { Context } from './context.ts'
import { runHook } from './hooks.ts'
import { containerSpec, isSidecar, type KillReason, type PodRecord, type Stopping } from './pod-record.ts'

/** Even without any grace a container gets so long to end by itself. */
const SHORTEST_MS = 2000

export class Killer {
  readonly #ctx: Context
  constructor(ctx: Context) {
    this.#ctx = ctx
  }

  isRunning(record: PodRecord, name: string): boolean {
    return this.#ctx.runtime.get(record.slots[name]?.current)?.state === 'running'
  }
  running(record: PodRecord): string[] {
    return Object.keys(record.slots).filter((name) => this.isRunning(record, name))
  }

  /** Begins to end these containers; each one's end is told as usual. `message` empty: "Stopping container …". */
  kill(record: PodRecord, names: readonly string[], message: string, reason: KillReason, graceSeconds: number): void {
    const ordered = names.length > 1 && (record.pod.spec.initContainers ?? []).some(isSidecar)
    for (const name of names) {
      if (!this.isRunning(record, name) || record.stopping[name]) continue
      const seconds = this.#grace(record, name, reason, graceSeconds)
      this.#ctx.event(record, 'Normal', 'Killing', message || `Stopping container ${name}`, name)
      const stopping: Stopping = {
        killAt: this.#ctx.world.now + seconds * 1000,
        seq: null,
        stage: 'hook',
        after: ordered && seconds > 0 ? this.#before(record, name, names) : [],
      }
      record.stopping[name] = stopping
      if (seconds > 0 && this.#preStop(record, name)) this.#arm(record, name, stopping)
      else this.#turn(record, name)
    }
  }

  /** A probe may have a grace period of its own. */
  #grace(record: PodRecord, name: string, reason: KillReason, seconds: number): number {
    const container = containerSpec(record.pod, name)
    const probe = reason === 'liveness' ? container?.livenessProbe : reason === 'startup' ? container?.startupProbe : undefined
    return probe?.terminationGracePeriodSeconds ?? seconds
  }

  /** Sidecars end after the main containers, and in the reverse order of their start. */
  #before(record: PodRecord, name: string, names: readonly string[]): string[] {
    const sidecars = (record.pod.spec.initContainers ?? []).filter(isSidecar).map((c) => c.name)
    const at = sidecars.indexOf(name)
    if (at < 0) return []
    const later = sidecars.slice(at + 1)
    return names.filter((other) => other !== name && (later.includes(other) || !sidecars.includes(other)))
  }

  /** True when a hook has to end first. */
  #preStop(record: PodRecord, name: string): boolean {
    const container = containerSpec(record.pod, name)
    const state = this.#ctx.runtime.get(record.slots[name]?.current)
    const hook = container?.lifecycle?.preStop
    if (!container || !state || !hook) return false
    const ran = runHook(this.#ctx, record, container, state, hook, 'pre-stop')
    if (ran === 'wait') return true
    if (!ran.ok) this.#ctx.event(record, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', name)
    return false
  }

  /** The preStop hook has ended, by itself or with its container. */
  hookDone(record: PodRecord, name: string, code: number): void {
    const stopping = record.stopping[name]
    if (!containerSpec(record.pod, name) || !stopping) return
    if (code !== 0) this.#ctx.event(record, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', name)
    if (stopping.stage === 'hook') this.#turn(record, name)
  }

  #turn(record: PodRecord, name: string): void {
    const stopping = record.stopping[name]
    if (!stopping) return
    stopping.after = stopping.after.filter((other) => this.isRunning(record, other))
    if (stopping.after.length === 0) {
      this.#term(record, name)
      return
    }
    stopping.stage = 'turn'
    this.#arm(record, name, stopping)
  }

  #term(record: PodRecord, name: string): void {
    const stopping = record.stopping[name]
    const state = this.#ctx.runtime.get(record.slots[name]?.current)
    if (!stopping || !state) return
    stopping.stage = 'term'
    stopping.killAt = Math.max(stopping.killAt, this.#ctx.world.now + SHORTEST_MS)
    this.#arm(record, name, stopping)
    this.#ctx.runtime.signal(state, 'TERM')
  }

  #arm(record: PodRecord, name: string, stopping: Stopping): void {
    if (stopping.seq !== null) this.#ctx.world.cancel(stopping.seq)
    stopping.seq = this.#ctx.world.at(stopping.killAt, this.#ctx.part, 'kill', { uid: record.uid, name })
  }

  /** The grace period is over. */
  late(record: PodRecord, name: string): void {
    const stopping = record.stopping[name]
    const state = this.#ctx.runtime.get(record.slots[name]?.current)
    if (!stopping || !state) return
    if (stopping.stage !== 'term') {
      this.#term(record, name)
      return
    }
    this.#ctx.runtime.signal(state, 'KILL')
  }

  /** A second deletion has shortened the grace. */
  hurry(record: PodRecord, graceSeconds: number): void {
    for (const [name, stopping] of Object.entries(record.stopping)) {
      const at = this.#ctx.world.now + graceSeconds * 1000
      if (at >= stopping.killAt) continue
      stopping.killAt = at
      this.#arm(record, name, stopping)
    }
  }

  /** A container has ended: others may have waited for it. */
  ended(record: PodRecord, name: string): void {
    const own = record.stopping[name]
    if (own?.seq) this.#ctx.world.cancel(own.seq)
    delete record.stopping[name]
    for (const [other, stopping] of Object.entries(record.stopping)) if (stopping.stage === 'turn') this.#turn(record, other)
  }
}
