/** Begins another cluster: how many machines, what runs on them, what is added; an address that can be shared and kept. */
import './begin.css'
import { type FormEvent, useEffect, useId, useMemo, useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { ADDONS, addressOf, MANY_NODES, SCENES, type Wish, wishFrom, withScene, wrongsOf } from '../../state/another.ts'
import { useDesk } from '../../state/hooks.ts'
import { t, type Word } from '../../words/index.ts'
import { begin, type Farewell, farewellOf } from './leave.ts'

export default function Begin() {
  const desk = useDesk()
  const [wish, setWish] = useState<Wish>(() => measured(wishFrom(desk.options), desk.usage.getState().served))
  const [tried, setTried] = useState(false)
  const chance = useMemo(() => String(Math.floor(Math.random() * 1e9)), [])
  const wrongs = wrongsOf(wish)
  const sound = Object.keys(wrongs).length === 0
  const address = sound ? addressOf(location.href, wish, chance) : ''
  const change = (part: Partial<Wish>): void => setWish({ ...wish, ...part })
  const submit = (event: FormEvent<HTMLElement>): void => {
    event.preventDefault()
    setTried(true)
    if (sound) void begin(desk, address)
    else event.currentTarget.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }
  return (
    <Dialog title={t('Begin another cluster')} onClose={() => desk.choices.setState({ dialog: null })}>
      <form className="begin" noValidate onSubmit={submit}>
        <Scenes wish={wish} onPick={(scene) => setWish(withScene(wish, scene))} />
        <div className="sizes">
          <Size label="Machines" value={wish.nodes} wrong={wrongs.nodes} onChange={(nodes) => change({ nodes })} />
          <Size
            label="Machines of the control plane"
            value={wish.controlPlanes}
            wrong={wrongs.controlPlanes}
            onChange={(controlPlanes) => change({ controlPlanes })}
          />
        </div>
        {sound && <Remarks wish={wish} />}
        <Addons wish={wish} onChange={(addons) => change({ addons })} />
        <Seed wish={wish} wrong={wrongs.seed} onChange={(seed) => change({ seed })} />
        <Address address={address} />
        <Warning />
        <div className="row">
          {tried && !sound && <p role="alert">{t('So it cannot begin: mend the marked field.')}</p>}
          <button type="submit" className="button primary">
            {t('Begin')}
          </button>
          <a className="button" href={address || undefined} target="_blank" rel="noopener" aria-disabled={!sound || undefined}>
            {t('Begin in a new tab')}
          </a>
        </div>
      </form>
    </Dialog>
  )
}

/** Who missed figures of use here is offered them there. */
const measured = (wish: Wish, served: boolean | undefined): Wish =>
  served === false && !wish.addons.includes('metrics-server') ? { ...wish, addons: [...wish.addons, 'metrics-server'] } : wish

function Scenes({ wish, onPick }: { wish: Wish; onPick(scene: string): void }) {
  return (
    <fieldset>
      <legend>{t('What runs there')}</legend>
      <div className="scenes">
        {SCENES.map(({ name, title, about }) => (
          <label key={name} data-on={wish.scene === name || undefined}>
            <input type="radio" name="scene" checked={wish.scene === name} onChange={() => onPick(name)} />
            <span>
              <b>{t(title)}</b>
              <i>{t(about)}</i>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

interface FieldProps {
  value: string
  wrong: string | undefined
  onChange(text: string): void
}

function Size({ label, value, wrong, onChange }: FieldProps & { label: Word }) {
  const id = useId()
  return (
    <div className="size">
      <label htmlFor={id}>{t(label)}</label>
      <input
        id={id}
        className="num"
        inputMode="numeric"
        autoComplete="off"
        value={value}
        aria-invalid={wrong !== undefined}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {wrong && (
        <p className="wrong" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  )
}

/** What one should know of such numbers. */
function Remarks({ wish }: { wish: Wish }) {
  const [nodes, masters] = [Number(wish.nodes), Number(wish.controlPlanes)]
  return (
    <>
      {masters > 1 && (
        <p className="remark">
          {masters % 2 === 0
            ? t('Of {masters} machines {lost} may be lost, as of {fewer}: the majority of etcd must run.', {
                masters,
                lost: masters / 2 - 1,
                fewer: masters - 1,
              })
            : t('Of {masters} machines {lost} may be lost: the majority of etcd must run.', { masters, lost: (masters - 1) / 2 })}
        </p>
      )}
      {nodes >= MANY_NODES && <p className="remark">{t('So many machines take a while to begin, and a fast computer.')}</p>}
    </>
  )
}

function Addons({ wish: { addons }, onChange }: { wish: Wish; onChange(addons: readonly string[]): void }) {
  return (
    <fieldset>
      <legend>{t('What is added')}</legend>
      <ul className="addons">
        {ADDONS.map(([name, about]) => (
          <li key={name}>
            <label>
              <input
                type="checkbox"
                checked={addons.includes(name)}
                onChange={(event) =>
                  onChange(event.target.checked ? [...addons, name] : addons.filter((other) => other !== name))
                }
              />
              <span>
                <b className="mono">{name}</b> <i>{t(about)}</i>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  )
}

function Seed({ wish, wrong, onChange }: { wish: Wish; wrong: string | undefined; onChange(seed: string): void }) {
  const id = useId()
  return (
    <details open={wrong !== undefined || undefined}>
      <summary>{t('Seed of its chances')}</summary>
      <div className="size">
        <label htmlFor={id}>{t('The same seed gives the same names, choices and times')}</label>
        <input
          id={id}
          className="mono"
          autoComplete="off"
          placeholder={t('drawn by lot')}
          value={wish.seed}
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
        {wrong && (
          <p className="wrong" id={`${id}-wrong`}>
            {wrong}
          </p>
        )}
      </div>
    </details>
  )
}

function Address({ address }: { address: string }) {
  const [copied, setCopied] = useState('')
  const id = useId()
  const copy = (): void =>
    void navigator.clipboard?.writeText(address).then(
      () => setCopied(address),
      () => {},
    )
  return (
    <div className="address">
      <label htmlFor={id}>{t('Its address: the same cluster for whoever opens it')}</label>
      <input id={id} readOnly className="mono" value={address} onFocus={(event) => event.target.select()} />
      <button type="button" className="button" disabled={address === ''} aria-label={t('Copy the address')} onClick={copy}>
        {address !== '' && copied === address ? t('Copied.') : t('copy')}
      </button>
      <span className="visually-hidden" role="status">
        {address !== '' && copied === address && t('Copied.')}
      </span>
    </div>
  )
}

const WORDS: Record<Farewell, Word> = {
  kept: 'What runs here now makes room for it. The Back button of your browser brings it back: it is then lived through again.',
  long: 'What runs here now makes room for it, and has become too long to be kept in the history: begin in a new tab if you still need it.',
}

function Warning() {
  const desk = useDesk()
  const [farewell, setFarewell] = useState<Farewell>('kept')
  useEffect(() => {
    void farewellOf(desk).then(({ kind }) => setFarewell(kind))
  }, [desk])
  return (
    <p className="warning" role="note">
      {t(WORDS[farewell])}
    </p>
  )
}
