/** The runtime's view of a machine, in crictl's three lists: what is below the kubelet, told by what the kubelet reports. */
import { useState } from 'react'
import type { Node } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { splitKey } from '#api/meta.ts'
import { humanDuration } from '#api/time.ts'
import { select } from '../../state/choices.ts'
import { useCalmScene, useClock, useDesk } from '../../state/hooks.ts'
import { shortName } from '../../state/look.ts'
import { containersOf, type HeldContainer, imagesOf, type Sandbox, sandboxesOf } from '../../state/runtime.ts'
import { num, t } from '../../words/index.ts'

type View = 'pods' | 'ps -a' | 'images'
const VIEWS: readonly View[] = ['pods', 'ps -a', 'images']
const CALM_MS = 500
/** Who looks for one of more uses the terminal. */
const MOST_ROWS = 150

/** Folded until somebody wants to see it: a machine may hold a hundred Pods. */
export function Runtime({ object }: { object: AnyObject }) {
  const [open, setOpen] = useState(false)
  const version = (object as unknown as Node).status?.nodeInfo?.containerRuntimeVersion
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {t('The runtime’s view')}
        <span className="count mono">{String(version ?? '')}</span>
      </summary>
      {open && <Lists node={object} />}
    </details>
  )
}

function Lists({ node }: { node: AnyObject }) {
  const { scene } = useDesk()
  const { name } = node.metadata
  const [view, setView] = useState<View>('ps -a')
  useCalmScene(`node:${name}`, CALM_MS)
  const pods = scene.podsOn(name)
  return (
    <div className="runtime">
      <fieldset className="segments" aria-label={t('Which list')}>
        {VIEWS.map((each) => (
          <button key={each} type="button" className="mono" aria-pressed={view === each} onClick={() => setView(each)}>
            {`crictl ${each}`}
          </button>
        ))}
      </fieldset>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className="scrolls" tabIndex={0} aria-label={`crictl ${view}`}>
        {view === 'pods' && <Sandboxes list={sandboxesOf(pods)} />}
        {view === 'ps -a' && <Containers list={containersOf(pods)} />}
        {view === 'images' && <Images node={node} />}
      </section>
      <p className="empty">
        {view === 'images'
          ? t('As the kubelet reports them: the fifty largest. Layers that images share are counted for each.')
          : t(
              'As the kubelet reports them to the API server: ids of sandboxes it keeps to itself, and of earlier containers it names the last.',
            )}
      </p>
    </div>
  )
}

function useAge(): (at: number) => string {
  const now = useClock((status) => Math.floor((status?.now ?? Date.now()) / 1000) * 1000)
  return (at) => (Number.isFinite(at) ? humanDuration(Math.max(0, now - at)) : '')
}

const Head = ({ columns }: { columns: readonly string[] }) => (
  <thead>
    <tr>
      {columns.map((column) => (
        <th key={column} scope="col">
          {column.replace('/', ', ')}
        </th>
      ))}
    </tr>
  </thead>
)

function PodLink({ pod }: { pod: string }) {
  const { choices } = useDesk()
  return (
    <button
      type="button"
      className="link mono"
      title={splitKey(pod).name}
      onClick={() => select(choices, { table: 'pods', key: pod })}
    >
      {shortName(splitKey(pod).name)}
    </button>
  )
}

function Sandboxes({ list }: { list: readonly Sandbox[] }) {
  const age = useAge()
  return (
    <table>
      <Head columns={['CREATED', 'STATE', 'NAME/NAMESPACE', 'IP']} />
      <tbody>
        {list.slice(0, MOST_ROWS).map(({ pod, state, created, ip }) => (
          <tr key={pod}>
            <td>{age(created)}</td>
            <td data-state={state}>{state}</td>
            <td className="long">
              <PodLink pod={pod} />
              <i>{splitKey(pod).namespace}</i>
            </td>
            <td>{ip}</td>
          </tr>
        ))}
        <More count={list.length} />
      </tbody>
    </table>
  )
}

function Containers({ list }: { list: readonly HeldContainer[] }) {
  const age = useAge()
  return (
    <table>
      <Head columns={['CONTAINER/IMAGE', 'CREATED', 'STATE', 'ATTEMPT', 'NAME/POD']} />
      <tbody>
        {list.slice(0, MOST_ROWS).map(({ id, image, created, state, exitCode, name, attempt, pod }) => (
          <tr key={id}>
            <td className="long">
              <b>{id}</b>
              <i>{image}</i>
            </td>
            <td>{age(created)}</td>
            <td data-state={state}>
              {state}
              {exitCode !== undefined && <i>{`(${exitCode})`}</i>}
            </td>
            <td>{attempt}</td>
            <td className="long">
              <b>{name}</b>
              <PodLink pod={pod} />
            </td>
          </tr>
        ))}
        <More count={list.length} />
      </tbody>
    </table>
  )
}

function Images({ node }: { node: AnyObject }) {
  const list = imagesOf(node as unknown as Node)
  const bytes = list.reduce((sum, image) => sum + image.bytes, 0)
  return (
    <table>
      <Head columns={['IMAGE', 'TAG', 'SIZE']} />
      <tbody>
        {list.map((image) => (
          <tr key={`${image.name}:${image.tag}`}>
            <td className="long">{image.name}</td>
            <td>{image.tag}</td>
            <td className="num">{sizeText(image.bytes)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={2}>{t('{n} images', { n: list.length })}</td>
          <td className="num">{sizeText(bytes)}</td>
        </tr>
      </tfoot>
    </table>
  )
}

function More({ count }: { count: number }) {
  if (count <= MOST_ROWS) return null
  return (
    <tr>
      <td colSpan={5}>{t('and {n} more', { n: num(count - MOST_ROWS) })}</td>
    </tr>
  )
}

/** Of a thousand each, as crictl has it. */
const sizeText = (bytes: number): string => (bytes >= 1e9 ? `${num(bytes / 1e9, 2)}GB` : `${num(bytes / 1e6, 1)}MB`)
