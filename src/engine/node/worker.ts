/** The pod worker: one pod's life as a state machine, sync by sync (kubelet.go SyncPod, SyncTerminatingPod, SyncTerminatedPod). */
import type { Context } from './context.ts'
import type { PodFacts } from './environment.ts'
import { hookEnd } from './hooks.ts'
import { hasOwnUsers } from './identity.ts'
import type { Killer } from './killer.ts'
import { missesNetwork, tellNoNetwork } from './no-network.ts'
import { podActions } from './pod-actions.ts'
import { type Busy, containerSpec, type KillReason, type PodRecord, type Reason, slotsOf } from './pod-record.ts'
import type { Prober } from './prober.ts'
import type { PullEnd } from './puller.ts'
import type { Resizer } from './resizer.ts'
import { asksAnew } from './resizing.ts'
import { reset } from './restart-all.ts'
import type { Starter, StartStep } from './starter.ts'
import { isTerminal } from './status.ts'
import { mountVolumes } from './volumes.ts'

/** The kubelet looks for its volumes at once and then every 300 ms; the sandbox takes the rest. */
const MOUNT_MS = 300
const SANDBOX_MS = 400
/** After a sync that did something the pod is looked at again right away. */
const AFTER_MS = 10
/** A failed sync is repeated after 10 s (to 15 s), or when the back-off ends, but at the latest after a minute. */
const RETRY_MS = 10_000
const RESYNC_MS = 60_000
const NETWORK_RETRY_MS = 1000
/** Taking down mounts and the sandbox of a pod that has ended. */
const CLEANUP_MS = 900

export class Worker {
  readonly #ctx: Context
  readonly #starter: Starter
  readonly #killer: Killer
  readonly #prober: Prober
  readonly #facts: (record: PodRecord) => PodFacts
  readonly #resizer: () => Resizer

  constructor(
    ctx: Context,
    starter: Starter,
    killer: Killer,
    prober: Prober,
    facts: (record: PodRecord) => PodFacts,
    resizer: () => Resizer,
  ) {
    this.#resizer = resizer
    this.#ctx = ctx
    this.#starter = starter
    this.#killer = killer
    this.#prober = prober
    this.#facts = facts
  }

  /** One look at the pod. */
  sync(record: PodRecord): void {
    if (record.busy) {
      record.again = true
      return
    }
    if (record.pod.metadata.deletionTimestamp && record.phase === 'sync') record.phase = 'terminating'
    if (record.phase === 'terminating') {
      this.#terminate(record)
      return
    }
    if (record.phase === 'terminated') {
      this.#finish(record)
      return
    }
    if (record.look) {
      record.look = false
      this.#ctx.wake(record, this.#ctx.relist())
    }
    if (record.spec !== record.pod.spec) this.#specChanged(record)
    if (record.resizing) this.#resizer().settle(record)
    this.#deadline(record)
    const phase = this.#ctx.reporter.report(record, { ended: false, mayRun: true }, 'its containers have changed')
    if (isTerminal(phase)) {
      record.phase = 'terminating'
      this.#ctx.wake(record, this.#ctx.relist())
      return
    }
    if (missesNetwork(this.#ctx, record)) return
    if (record.mount !== 'done') {
      this.#mount(record)
      return
    }
    this.#starter.secrets(record)
    this.#prober.sync(record)
    this.#act(record)
  }

  #specChanged(record: PodRecord): void {
    record.slots = slotsOf(record.pod, record.slots)
    const { spec } = record
    record.spec = record.pod.spec
    if (asksAnew(record.spec, spec)) this.#resizer().changed(record, { ...record.pod, spec })
  }

  #deadline(record: PodRecord): void {
    const seconds = record.pod.spec.activeDeadlineSeconds
    const start = record.startedAt
    if (seconds === undefined || record.verdict) return
    const at = start + seconds * 1000
    if (this.#ctx.world.now >= at) {
      record.verdict = { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' }
      this.#ctx.event(record, 'Normal', 'DeadlineExceeded', record.verdict.message)
    } else if (record.deadlineSeq === null) record.deadlineSeq = this.#ctx.world.at(at, this.#ctx.part, 'deadline', record.uid)
  }

  #mount(record: PodRecord): void {
    if (record.mount === 'trying') return
    record.mount = 'trying'
    const wait = (record.pod.spec.volumes ?? []).length > 0 ? MOUNT_MS : 0
    record.mountSeq = this.#ctx.world.after(wait + SANDBOX_MS, this.#ctx.part, 'mount', record.uid)
  }

  /** Time to see whether the volumes are there. */
  mounted(record: PodRecord): void {
    if (record.phase !== 'sync' || record.mount === 'done') return
    if (!mountVolumes(record, this.#ctx, this.#facts(record))) return
    record.mount = 'done'
    this.#prober.begin(record)
    this.#act(record)
  }

  #act(record: PodRecord): void {
    const steps = podActions(
      record,
      this.#ctx.runtime,
      (r, name, kind, id) => this.#prober.result(r, name, kind, id),
      record.resizing ? this.#resizer() : null,
    )
    if (steps.length === 0) return
    const ended: Record<string, number> = {}
    for (const slot of Object.values(record.slots)) {
      const current = this.#ctx.runtime.get(slot.current)
      const previous = this.#ctx.runtime.get(slot.previous)
      const dead = current?.state === 'exited' ? current : previous?.state === 'exited' ? previous : undefined
      if (dead) ended[slot.name] = dead.finishedAt
    }
    record.busy = { steps, at: 0, stage: '', ended, results: {}, failed: false, retryAt: null, done: 0 }
    this.#advance(record)
  }

  /** Goes through the steps of the present sync as far as possible. */
  #advance(record: PodRecord): void {
    const { busy } = record
    if (!busy) return
    while (busy.at < busy.steps.length) {
      if (!this.#step(record, busy)) return
      busy.at += 1
      busy.stage = ''
    }
    this.#complete(record, busy)
  }

  /** False: it has to wait. */
  #step(record: PodRecord, busy: Busy): boolean {
    const step = busy.steps[busy.at]
    if (!step) return true
    switch (step.do) {
      case 'sandbox':
        return this.#sandbox(record, busy)
      case 'stop-sandbox':
        if (record.sandbox) record.sandbox = { ...record.sandbox, ready: false }
        busy.done += 1
        return true
      case 'kill':
        return this.#kill(record, busy, step.names, step.message, step.reason)
      case 'reset':
        if (!this.#kill(record, busy, [step.name], 'killing', '', 0)) return false
        reset(record, step.name, this.#ctx.runtime)
        return true
      case 'resize':
        if (this.#resizer().apply(record, step.names, step.restarts)) {
          busy.done += 1
          // The runtime has done it by the next comparison.
          record.look = true
        } else busy.failed = true
        return true
      case 'start':
        if (busy.stage !== '') return false
        busy.stage = 'start'
        return this.#started(record, busy, step.name, this.#starter.begin(record, busy, step.name))
    }
  }

  #kill(
    record: PodRecord,
    busy: Busy,
    names: string[],
    message: string,
    reason: KillReason,
    grace = record.pod.spec.terminationGracePeriodSeconds ?? 30,
  ): boolean {
    if (busy.stage === '') {
      busy.stage = 'kill'
      busy.done += 1
      this.#killer.kill(record, names, message, reason, grace)
    }
    return !names.some((name) => this.#killer.isRunning(record, name))
  }

  #sandbox(record: PodRecord, busy: Busy): boolean {
    const { network, nodeName, runtime } = this.#ctx
    const attempt = record.sandbox ? record.sandbox.attempt + 1 : 0
    if (attempt > 0) this.#ctx.event(record, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.')
    const ip = record.pod.spec.hostNetwork ? this.#ctx.hostIp : network.attach(nodeName, record.uid)
    if (ip === null) {
      tellNoNetwork(this.#ctx, record)
      busy.failed = true
      busy.retryAt = this.#ctx.world.now + NETWORK_RETRY_MS
      busy.steps = []
      return true
    }
    record.sandbox = { id: runtime.newId(), ip, attempt, ready: true }
    this.#ctx.tally.add('sandbox', hasOwnUsers(record.pod))
    busy.done += 1
    this.#ctx.reporter.sandbox(record)
    return true
  }

  /** What came of starting a container. True when the step is over. */
  #started(record: PodRecord, busy: Busy, name: string, outcome: StartStep): boolean {
    if (outcome === 'wait') return false
    const { done: reason } = outcome
    if (reason?.reason === 'PostStartHookError' && this.#killer.isRunning(record, name)) {
      // A container whose postStart hook failed is killed before anything else goes on.
      busy.stage = 'hook-failed'
      busy.results[name] = reason
      this.#killer.kill(record, [name], 'FailedPostStartHook', 'post-start', record.pod.spec.terminationGracePeriodSeconds ?? 30)
      return !this.#killer.isRunning(record, name)
    }
    this.#result(busy, name, reason, outcome.retryAt)
    // A failed init container ends the sync; main containers are started whatever became of the others.
    if (reason && record.slots[name]?.kind === 'init' && !containerSpec(record.pod, name)?.restartPolicy)
      busy.steps = busy.steps.slice(0, busy.at + 1)
    return true
  }

  #result(busy: Busy, name: string, reason: Reason | null, retryAt: number | undefined): void {
    busy.results[name] = reason
    busy.done += 1
    if (!reason) return
    busy.failed = true
    if (retryAt !== undefined) busy.retryAt = Math.min(busy.retryAt ?? Number.POSITIVE_INFINITY, retryAt)
  }

  pulled(record: PodRecord, end: PullEnd): void {
    const { busy } = record
    const step = busy?.steps[busy.at]
    if (!busy || step?.do !== 'start' || step.name !== end.container) return
    this.#goOn(record, busy, this.#started(record, busy, step.name, this.#starter.pulled(record, end)))
  }

  #goOn(record: PodRecord, busy: Busy, over: boolean): void {
    if (!over) return
    busy.at += 1
    busy.stage = ''
    this.#advance(record)
  }

  hookEnded(record: PodRecord, name: string, kind: string, code: number, output: string, errors: string): void {
    if (kind === 'pre-stop') {
      this.#killer.hookDone(record, name, code)
      return
    }
    const { busy } = record
    const step = busy?.steps[busy.at]
    const container = containerSpec(record.pod, name)
    if (!busy || !container || step?.do !== 'start' || step.name !== name || busy.stage !== 'start') return
    const end = hookEnd(record, container, container.lifecycle?.postStart, code, output, errors)
    this.#goOn(record, busy, this.#started(record, busy, name, this.#starter.hookDone(record, name, end)))
  }

  /** The grace period of a container is over. */
  late = (record: PodRecord, name: string): void => this.#killer.late(record, name)
  /** A second deletion has shortened the grace. */
  hurry(record: PodRecord, graceSeconds: number): void {
    this.#killer.hurry(record, graceSeconds)
  }

  /** A container has ended; whoever waits for that goes on. */
  ended(record: PodRecord, name: string): void {
    this.#killer.ended(record, name)
    this.#keepOne(record, name)
    if (record.phase === 'terminating' && record.killing && !record.busy) {
      this.#terminate(record)
      return
    }
    const { busy } = record
    if (!busy) {
      this.#ctx.wake(record, this.#ctx.relist())
      return
    }
    record.again = true
    if (busy.stage === 'hook-failed') {
      this.#result(busy, name, busy.results[name] ?? null, undefined)
      this.#goOn(record, busy, true)
    } else if (busy.stage === 'kill') this.#advance(record)
  }

  /** Of a container's dead instances only the newest is kept; its end stays in the status. */
  #keepOne(record: PodRecord, name: string): void {
    const slot = record.slots[name]
    if (!slot?.previous || this.#ctx.runtime.get(slot.current)?.state !== 'exited') return
    this.#ctx.runtime.remove(slot.previous)
    slot.previous = null
  }

  #complete(record: PodRecord, busy: Busy): void {
    record.busy = null
    for (const [name, reason] of Object.entries(busy.results)) {
      if (reason) record.reasons[name] = reason
      else delete record.reasons[name]
    }
    const { now } = this.#ctx.world
    if (record.pod.metadata.deletionTimestamp || record.phase !== 'sync') {
      this.#ctx.wake(record, now)
      return
    }
    if (busy.failed) {
      if (busy.steps.some((step) => step.do === 'sandbox')) this.#ctx.tally.add('failed', hasOwnUsers(record.pod))
      const wait = busy.retryAt === null ? RETRY_MS : Math.min(RESYNC_MS, Math.max(0, busy.retryAt - now))
      this.#ctx.wake(record, now + this.#ctx.jitter(wait))
      // Whatever did change is seen at the next comparison.
      if (this.#isNews(record)) this.#ctx.wake(record, this.#ctx.relist())
    } else if (busy.done > 0) this.#ctx.wake(record, now + AFTER_MS)
    if (!record.again) return
    // Something happened meanwhile: one look right away, and one at the next comparison.
    record.again = false
    record.look = true
    this.#ctx.wake(record, now + AFTER_MS)
  }

  /** Whether a container or the sandbox has been made since the status was last sent: then there is something new to show. */
  #isNews(record: PodRecord): boolean {
    if (record.sandbox && !record.pod.status?.podIP) return true
    const statuses = [...(record.pod.status?.initContainerStatuses ?? []), ...(record.pod.status?.containerStatuses ?? [])]
    return Object.values(record.slots).some((slot) => {
      const id = slot.current
      return id !== null && statuses.find((s) => s.name === slot.name)?.containerID !== `containerd://${id}`
    })
  }

  #terminate(record: PodRecord): void {
    if (!record.killing) {
      record.killing = true
      if (record.mountSeq !== null) this.#ctx.world.cancel(record.mountSeq)
      record.mountSeq = null
      this.#ctx.reporter.report(
        record,
        { ended: false, mayRun: true },
        record.pod.metadata.deletionTimestamp ? 'it is being deleted' : 'its work is done',
      )
      this.#prober.stop(record, ['liveness', 'startup'])
      this.#killer.kill(record, this.#killer.running(record), '', '', record.grace)
    }
    if (this.#killer.running(record).length > 0) return this.#readiness(record)
    this.#prober.stop(record, ['liveness', 'startup', 'readiness'])
    if (record.sandbox) {
      record.sandbox = { ...record.sandbox, ready: false }
      this.#ctx.network.detach(record.uid)
    }
    record.phase = 'terminated'
    this.#ctx.freed(record)
    this.#ctx.reporter.report(record, { ended: true, mayRun: false }, 'all its containers have ended')
    this.#ctx.wake(record, Math.max(this.#ctx.relist(), this.#ctx.world.now + CLEANUP_MS))
  }

  /** While containers are being ended, what the probes find of them is still told. */
  #readiness(record: PodRecord): void {
    const isLost = record.pod.status?.containerStatuses?.some(
      ({ name, ready }) =>
        ready && this.#prober.result(record, name, 'readiness', record.slots[name]?.current ?? '') === 'failure',
    )
    if (isLost) this.#ctx.reporter.report(record, { ended: false, mayRun: true }, 'a readiness probe has failed')
  }

  #finish(record: PodRecord): void {
    if (!record.told) {
      this.#ctx.reporter.report(record, { ended: true, mayRun: false }, 'all its containers have ended')
      this.#ctx.reporter.last(record)
      // A worker that has finished looks at its pod no more; one that nobody heard tries again.
      record.told = isTerminal(record.pod.status?.phase)
    }
    if (record.manifest) return this.#ctx.statics.ended(record)
    const { deletionTimestamp } = record.pod.metadata
    if (record.gone) {
      this.#ctx.forget(record)
      return
    }
    if (!deletionTimestamp || record.released) return
    record.released = this.#ctx.reporter.release(record)
  }
}
