/** The control-plane strip: a request record walks through it, from who asks over the API server's stages into etcd, and to those who watch. */
import { ChevronDown, ChevronUp } from 'lucide-react'
import { memo, useEffect, useRef } from 'react'
import type { Broken, TraceLine } from '#api/request.ts'
import type { Desk } from '../../state/desk.ts'
import { useChoice, useDesk } from '../../state/hooks.ts'
import { shortName } from '../../state/look.ts'
import { speakerOf } from '../../state/speaker.ts'
import { t, type Word } from '../../words/index.ts'

const ACTORS: readonly { id: string; name: Word; brief: string; job: Word }[] = [
  { id: 'you', name: 'You', brief: '', job: 'kubectl, the editor, a click' },
  { id: 'controllers', name: 'Controllers', brief: 'Ctrl', job: 'compare what is asked for with what is there, and act' },
  { id: 'scheduler', name: 'Scheduler', brief: 'Sched', job: 'picks a machine for each new pod' },
  { id: 'nodes', name: 'Node watch', brief: 'Watch', job: 'notices machines that stop answering' },
  { id: 'kubelet', name: 'Kubelets', brief: '', job: 'one per machine: start and watch the containers' },
]

/** The path of a write through the API server, as one may see it; each dot stands for one or more stages of the engine. */
const STAGES: readonly { name: string; job: Word; of: RegExp }[] = [
  { name: 'authenticate', job: 'who asks?', of: /^authenticate/ },
  { name: 'authorize', job: 'may they?', of: /^authorize/ },
  { name: 'decode', job: 'what do they ask for?', of: /^(?:route|negotiate|decode|change|remove|connect|read|document)/ },
  { name: 'admit', job: 'defaults and policies', of: /^(?:mutate|defaults|limit|admit)/ },
  { name: 'validate', job: 'does it make sense?', of: /^(?:prepare|validate)/ },
  { name: 'persist', job: 'into etcd, at a new revision', of: /^persist/ },
]

/** Wall ms a record takes from one end to the other at speed 1 and above. */
const WALK_MS = 1100
/** Shares of the walk: the actor, the stages, etcd, those who watch. */
const [ACTOR, STORED, TOLD] = [0.12, 0.62, 0.78]

/** Who waits for news of this resource. */
const WATCHERS: Record<string, readonly string[]> = {
  pods: ['controllers', 'scheduler', 'kubelet'],
  nodes: ['scheduler', 'nodes', 'controllers'],
  services: ['controllers', 'kubelet'],
  endpointslices: ['kubelet'],
}

export const Strip = memo(function Strip() {
  const desk = useDesk()
  const open = useChoice((c) => c.stripOpen)
  const strip = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!open || !strip.current) return
    return play(desk, strip.current)
  }, [desk, open])
  const toggle = (): void => desk.choices.setState({ stripOpen: !open })
  if (!open)
    return (
      <button type="button" className="strip-closed" aria-expanded={false} onClick={toggle}>
        {t('Control plane')} <ChevronDown size={14} aria-hidden="true" />
      </button>
    )
  return (
    <section className="strip" ref={strip} aria-label={t('Control plane')}>
      <ul>
        {ACTORS.map(({ id, name, brief, job }) => (
          <li key={id} data-part={id} title={`${t(name)}: ${t(job)}`}>
            <i aria-hidden="true" />
            <Chip place={PLACES.has(id) ? id : null} full={t(name)} brief={brief} />
          </li>
        ))}
        <li className="arrow" aria-hidden="true" />
        <li
          className="server"
          data-part="apiserver"
          title={t('API server: the front door, every read and write goes through it')}
        >
          <Chip place="apiserver" full={t('API server')} brief="API" />
          <span className="stages">
            {STAGES.map(({ name, job }) => (
              <i key={name} data-stage={name} title={`${name}: ${t(job)}`} />
            ))}
          </span>
        </li>
        <li className="arrow" aria-hidden="true" />
        <li data-part="etcd" title={t('etcd: the memory, every object in every version')}>
          <svg className="sign" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M3 4.2c0-1.2 2.2-2 5-2s5 .8 5 2v7.6c0 1.2-2.2 2-5 2s-5-.8-5-2zM3 4.2c0 1.2 2.2 2 5 2s5-.8 5-2" />
          </svg>
          <Chip place="etcd" full="etcd" brief="" />
        </li>
        <li>
          <button type="button" className="fold" aria-label={t('Fold the control plane')} aria-expanded={true} onClick={toggle}>
            <ChevronUp size={14} />
          </button>
        </li>
      </ul>
      <p className="record" aria-hidden="true" />
    </section>
  )
})

/** Where there is something that can be stopped. */
const PLACES = new Set(['controllers', 'scheduler', 'nodes'])

/** A part of the control plane: a click offers to stop it. */
function Chip({ place, full, brief }: { place: string | null; full: string; brief: string }) {
  const { simulation } = useDesk()
  const stopped = useChoice((c) => c.broken.components.filter((name) => place !== null && standsAt(name) === place).join(', '))
  const several = useChoice(({ broken }) => (place ? runningOf(place, broken) : ''))
  if (!place || !simulation) return <Name full={full} brief={brief} />
  return (
    <button
      type="button"
      className="chip"
      data-ref={`components ${place}`}
      data-stopped={(several === '' ? stopped !== '' : several.startsWith('0')) || undefined}
      aria-label={stopped ? t('{name}: stopped ({stopped})', { name: full, stopped }) : full}
      aria-haspopup="menu"
    >
      <Name full={full} brief={brief} />
      {several !== '' && <small> {several}</small>}
    </button>
  )
}

/** `2/3`: on how many machines of a control plane that has several this part runs. */
function runningOf(place: string, { components, controlPlanes: machines = [] }: Broken): string {
  if (place === 'nodes' || machines.length === 0) return ''
  const isOff = (machine: string): boolean =>
    components.some((name) => name === machine || (name.endsWith(`-${machine}`) && standsAt(name) === place))
  return `${machines.filter((machine) => !isOff(machine)).length}/${machines.length}`
}

/** At which place of the strip a part stands. */
function standsAt(component: string): string {
  if (component.startsWith('etcd')) return 'etcd'
  if (/^(?:kube-apiserver|control-plane)/.test(component)) return 'apiserver'
  if (component.startsWith('kube-scheduler')) return 'scheduler'
  return component === 'taint-eviction-controller' ? 'nodes' : 'controllers'
}

/** Where there is no room, a name of a few letters. */
const Name = ({ full, brief }: { full: string; brief: string }) =>
  brief ? (
    <>
      <span className="full">{full}</span>
      <span className="brief" aria-hidden="true">
        {brief}
      </span>
    </>
  ) : (
    full
  )

/** Moves past React: attributes of the elements follow simulated time, also backwards. */
function play(desk: Desk, strip: HTMLElement): () => void {
  const parts = new Map([...strip.querySelectorAll<HTMLElement>('[data-part]')].map((e) => [e.dataset['part'] ?? '', e]))
  const dots = [...strip.querySelectorAll<HTMLElement>('[data-stage]')]
  const words = strip.querySelector<HTMLElement>('.record')
  let frame = 0
  let shown = ''
  let told: TraceLine | undefined
  let toldAt = 0
  const paint = (): void => {
    const { status } = desk.clock.store.getState()
    const runs = typeof status?.speed === 'number'
    const span = WALK_MS * (typeof status?.speed === 'number' ? Math.max(1, status.speed) : 1)
    const now = desk.clock.now()
    // While somebody tells of a write, that one walks through, and stays.
    const telling = desk.story.store.getState().now?.line
    if (telling !== told) [told, toldAt] = [telling, performance.now()]
    const line = telling ?? recordAt(desk, now, span)
    const walked = telling ? Math.min(1, (performance.now() - toldAt) / WALK_MS) : line ? (now - line.at) / span : 0
    const next = line ? `${line.seq} ${Math.floor(walked * 30)}` : ''
    if (next !== shown) dress(parts, dots, words, line, walked)
    shown = next
    frame = line && (telling ? walked < 1 : runs) ? requestAnimationFrame(paint) : 0
  }
  const wake = (): void => {
    if (frame === 0) frame = requestAnimationFrame(paint)
  }
  const stops = [desk.clock.store.subscribe(wake), desk.story.store.subscribe(wake)]
  return () => {
    for (const stop of stops) stop()
    cancelAnimationFrame(frame)
  }
}

/** What weighs more is shown when several come at once: what you did, refusals, then what is made and deleted. */
const weight = ({ by, code, verb, resource }: TraceLine): number =>
  (speakerOf(by).id === 'you' ? 4 : 0) +
  (code >= 400 ? 3 : 0) +
  (/^(?:create|delete)/.test(verb) ? 2 : 0) -
  (/status|endpoints/.test(resource) ? 1 : 0)

function recordAt(desk: Desk, now: number, span: number): TraceLine | undefined {
  const lines = desk.journal.since(now, span)
  // The latest that has begun rules, unless one a moment before weighs more.
  const close = lines.filter((line) => line.at >= (lines.at(-1)?.at ?? 0) - span * 0.35)
  return close.reduce<TraceLine | undefined>((best, line) => (best && weight(best) > weight(line) ? best : line), undefined)
}

function dress(
  parts: ReadonlyMap<string, HTMLElement>,
  dots: readonly HTMLElement[],
  words: HTMLElement | null,
  line: TraceLine | undefined,
  progress: number,
): void {
  const who = line ? speakerOf(line.by).id : ''
  const plural = line?.resource.split(/[./]/)[0] ?? ''
  const refusedAt =
    line && line.code >= 400
      ? Math.max(
          0,
          STAGES.findIndex((s) => s.of.test(line.stage ?? 'validate')),
        )
      : -1
  const reached = line ? Math.floor(((progress - ACTOR) / (STORED - ACTOR)) * STAGES.length) : -1
  const watchers = WATCHERS[plural] ?? ['controllers']
  for (const [id, element] of parts) {
    const lit =
      line !== undefined &&
      (id === who || (id === 'apiserver' && progress >= ACTOR) || (id === 'etcd' && progress >= STORED && refusedAt < 0))
    const told = line !== undefined && refusedAt < 0 && progress >= TOLD && watchers.includes(id) && id !== who
    set(element, 'lit', lit ? 'yes' : told ? 'told' : '')
  }
  dots.forEach((dot, i) => {
    const state = !line || i > reached || (refusedAt >= 0 && i > refusedAt) ? '' : i === refusedAt ? 'refused' : 'passed'
    set(dot, 'state', state)
  })
  if (words) words.textContent = line ? textOf(line) : ''
}

function set(element: HTMLElement, name: string, value: string): void {
  if (value === '') delete element.dataset[name]
  else element.dataset[name] = value
}

const textOf = (line: TraceLine): string => {
  const [resource = '', sub] = line.resource.split('/')
  const what = `${resource.split('.')[0]}${sub ? `/${sub}` : ''}`
  return `${line.verb} ${what} ${shortName(line.name)} · ${line.code}`
}
