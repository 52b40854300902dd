/** The top bar: whose page this is, how the cluster fares, which lens, and the switches. */
import { BookOpen, CircleHelp, Code, MonitorUp, Moon, Share2, SquarePlus, SquareTerminal, Sun } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Node, Service } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { Pool } from '../panels/pool/index.tsx'
import { Search } from '../panels/search/index.tsx'
import type { Choices, Lens } from '../state/choices.ts'
import { useCalmScene, useChoice, useDesk, useScene } from '../state/hooks.ts'
import { lookOf, nodeLook } from '../state/look.ts'
import { t, type Word } from '../words/index.ts'
import { isDark } from './theme.ts'

export function TopBar() {
  const { choices, options, simulation } = useDesk()
  const set = (part: Partial<Choices>) => () => choices.setState(part)
  const theme = useChoice((c) => c.theme)
  const [lesson, desk, terminal] = [
    useChoice((c) => c.lessonOpen),
    useChoice((c) => c.deskOpen),
    useChoice((c) => c.terminalOpen),
  ]
  const dark = isDark(theme)
  return (
    <header className="top">
      <h1>
        <Logo /> Tabernetes
      </h1>
      <Health />
      <Pool />
      <span className="grow" />
      {!options.present && <Search />}
      <Lenses />
      <span className="grow wide" />
      <Switch
        className="wide"
        label={t('Lessons')}
        text
        on={lesson}
        onClick={set({ lessonOpen: !lesson })}
        icon={<BookOpen size={17} />}
      />
      <Switch
        className="wide"
        label={t('Editor and inspector')}
        on={desk}
        onClick={set({ deskOpen: !desk })}
        icon={<Code size={17} />}
      />
      <Switch
        className="wide"
        label={t('Terminal')}
        on={terminal}
        onClick={set({ terminalOpen: !terminal })}
        icon={<SquareTerminal size={17} />}
      />
      {!options.present && <PresentLink />}
      <Switch
        label={dark ? t('Light theme') : t('Dark theme')}
        onClick={set({ theme: dark ? 'light' : 'dark' })}
        icon={dark ? <Sun size={17} /> : <Moon size={17} />}
      />
      {simulation && (
        <Switch label={t('Begin another cluster')} onClick={set({ dialog: 'begin' })} icon={<SquarePlus size={17} />} />
      )}
      <Switch label={t('Share this session')} onClick={set({ dialog: 'share' })} icon={<Share2 size={17} />} />
      <Switch label={t('Keys and help (?)')} onClick={set({ dialog: 'help' })} icon={<CircleHelp size={17} />} />
    </header>
  )
}

interface SwitchProps {
  label: string
  icon: ReactNode
  on?: boolean
  className?: string
  /** The label is written beside the icon. */
  text?: boolean
  onClick(): void
}
const Switch = ({ label, icon, on, className, text, onClick }: SwitchProps) => (
  <button
    type="button"
    className={`icon ${text ? 'worded ' : ''}${className ?? ''}`}
    aria-label={label}
    title={label}
    aria-pressed={on}
    onClick={onClick}
  >
    {icon}
    {text && <span>{label}</span>}
  </button>
)

function PresentLink() {
  const open = (): void => {
    const url = new URL(location.href)
    url.searchParams.set('view', 'present')
    location.href = url.href
  }
  return <Switch className="wide" label={t('Projector view')} onClick={open} icon={<MonitorUp size={17} />} />
}

const LENSES: [Lens, Word][] = [
  ['places', 'Places'],
  ['traffic', 'Traffic'],
  ['ownership', 'Owners'],
]

function Lenses() {
  const { choices } = useDesk()
  const lens = useChoice((c) => c.lens)
  return (
    <fieldset className="segments wide" aria-label={t('Lens')}>
      {LENSES.map(([id, name]) => (
        <button key={id} type="button" aria-pressed={lens === id} onClick={() => choices.setState({ lens: id })}>
          {t(name)}
        </button>
      ))}
    </fieldset>
  )
}

function Health() {
  const { mirror, scene } = useDesk()
  useCalmScene('pods', 250)
  useCalmScene('services', 250)
  useCalmScene('endpoints', 250)
  useScene('node changes')
  useScene('mirror')
  const nodes = [...mirror.all('nodes').values()] as unknown as Node[]
  const pods = [...mirror.all('pods').values()]
  const down = nodes.filter((node) => nodeLook(node).family === 'bad').length
  const looks = pods.map((pod) => lookOf(pod as any))
  const bad = looks.filter(({ family }) => family === 'bad').length
  const pending = looks.filter(({ family, fill }) => family === 'waiting' && fill === 'hollow').length
  const waiting = looks.filter(({ family, fill }) => family === 'waiting' && fill === 'ring').length
  const unready = looks.filter(({ family, fill }) => family === 'good' && fill === 'half').length
  // A Service that nobody stands behind loses every request.
  const isLost = ({ spec, metadata }: Service): boolean =>
    spec.selector !== undefined && scene.endpoints(keyOf(metadata)).length === 0
  const lost = mirror.state('endpointslices') === 'live' ? scene.services().filter(isLost).length : 0
  const tone = down + bad + lost > 0 ? 'bad' : pending + waiting + unready > 0 ? 'waiting' : 'good'
  const trouble = [
    down > 0 && (down > 1 ? t('{down} machines down', { down }) : t('1 machine down')),
    bad > 0 && (bad > 1 ? t('{bad} pods in trouble', { bad }) : t('1 pod in trouble')),
    lost > 0 && (lost > 1 ? t('{lost} Services without pods', { lost }) : t('1 Service without pods')),
    pending > 0 && t('{pending} pending', { pending }),
    waiting > 0 && t('{waiting} starting', { waiting }),
    unready > 0 && t('{unready} not ready', { unready }),
  ]
  const [worst, ...others] = trouble.filter((word) => word !== false)
  return (
    <span className="health" title={[worst, ...others].join(' · ')}>
      <span data-tone={tone}>
        <span className="long num">{t('{nodes} machines · {pods} pods ·', { nodes: nodes.length, pods: pods.length })}</span>
        {mirror.state('pods') === 'loading' ? t('starting…') : (worst ?? t('all well'))}
        {others.length > 0 && <span className="others">{` · ${others.join(' · ')}`}</span>}
      </span>
    </span>
  )
}

export const Logo = () => (
  <svg viewBox="0 0 32 32" aria-hidden="true">
    <rect x="1.5" y="4.5" width="29" height="24" rx="6" fill="var(--accent)" />
    <path d="M1.5 11h29" stroke="var(--surface)" strokeWidth="1.6" />
    <circle cx="6" cy="7.8" r="1.1" fill="var(--surface)" />
    <circle cx="9.6" cy="7.8" r="1.1" fill="var(--surface)" />
    <g fill="var(--surface)">
      <rect x="6" y="14.5" width="5.4" height="5.4" rx="1.4" />
      <rect x="13.3" y="14.5" width="5.4" height="5.4" rx="1.4" />
      <rect x="20.6" y="14.5" width="5.4" height="5.4" rx="1.4" opacity=".45" />
      <rect x="6" y="21.4" width="5.4" height="4" rx="1.3" opacity=".45" />
      <rect x="13.3" y="21.4" width="5.4" height="4" rx="1.3" />
    </g>
  </svg>
)
