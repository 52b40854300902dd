/** The images of a workload, each in a field: another one begins a rollout, without a keyboard full of YAML. */
import { useEffect, useState } from 'react'
import type { Container } from '#api/kinds.ts'
import { type AnyObject, splitKey } from '#api/meta.ts'
import { type Action, perform } from '../../state/actions.ts'
import type { Ref } from '../../state/choices.ts'
import type { Desk } from '../../state/desk.ts'
import { useDesk } from '../../state/hooks.ts'
import { pathOf, STRATEGIC, send } from '../../state/rest.ts'
import { t } from '../../words/index.ts'

const TEMPLATED = new Set(['deployments', 'statefulsets', 'daemonsets'])
export const hasImages = (at: Ref): boolean => TEMPLATED.has(at.table)

export function Images({ object, at }: { object: AnyObject; at: Ref }) {
  const containers = (object['spec']?.template?.spec?.containers ?? []) as Container[]
  return containers.map(({ name, image = '' }) => <Image key={name} at={at} container={name} image={image} />)
}

function Image({ at, container, image }: { at: Ref; container: string; image: string }) {
  const desk = useDesk()
  const [text, setText] = useState(image)
  useEffect(() => setText(image), [image])
  const other = text.trim() !== '' && text.trim() !== image
  return (
    <form
      className="image-field"
      onSubmit={(event) => {
        event.preventDefault()
        const kind = at.table.replace(/s$/, '')
        const answer = `${kind}.apps/${splitKey(at.key).name} image updated`
        if (other) void perform(desk, setImage(desk, at, container, text.trim()), answer)
      }}
    >
      <label>
        <span>{t('Image of {container}', { container })}</span>
        <input
          className="mono"
          value={text}
          autoCapitalize="off"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="button" disabled={!other}>
        {t('Set')}
      </button>
    </form>
  )
}

function setImage(desk: Desk, at: Ref, name: string, image: string): Action {
  const { namespace, name: owner } = splitKey(at.key)
  const where = namespace && namespace !== 'default' ? ` -n ${namespace}` : ''
  const template = { spec: { containers: [{ name, image }] } }
  return {
    id: 'set-image',
    label: t('Set'),
    command: `kubectl set image ${at.table.replace(/s$/, '')}/${owner} ${name}=${image}${where}`,
    run: () => send(desk.transport, 'PATCH', pathOf(at.table, at.key), { spec: { template } }, STRATEGIC),
  }
}
