/** Sharing: links that replay this session or begin from its state, a frame for docs pages, and files for a real cluster. */
import './share.css'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import type { Desk } from '../../state/desk.ts'
import { useChoice, useDesk } from '../../state/hooks.ts'
import { kindScript } from '../../state/kind-script.ts'
import { linkTo, stateLinkTo } from '../../state/link.ts'
import { t } from '../../words/index.ts'
import { readFiles } from '../editor/files.ts'

const Code = lazy(() => import('./code.tsx'))
const LessonMaker = lazy(() => import('./lesson-maker.tsx'))

/** Longer links get cut by chat programs and mail. */
const LONG = 8000

interface Shares {
  replay: string
  state: string
  yaml: string
  script: string
  nodes: number
}

export default function Share() {
  const desk = useDesk()
  const [shares, setShares] = useState<Shares | null>(null)
  const [error, setError] = useState('')
  const [copied, setCopied] = useState('')
  const [qr, setQr] = useState(false)
  useEffect(() => {
    gather(desk).then(setShares, (reason: unknown) => setError(String(reason)))
  }, [desk])
  const copy = (text: string): void => {
    const refused = (): void => setError(t('The browser refused the clipboard: select the text and copy it.'))
    if (!navigator.clipboard) return refused()
    navigator.clipboard.writeText(text).then(() => setCopied(text), refused)
  }
  const Button = ({ label, text, main }: { label: string; text: string; main?: boolean }) => (
    <button type="button" className={main ? 'button primary' : 'button'} disabled={!text} onClick={() => copy(text)}>
      {label}
    </button>
  )
  const { replay = '', state = '', yaml = '', script = '' } = shares ?? {}
  const link = replay || state
  return (
    <Dialog title={t('Share this session')} onClose={() => desk.choices.setState({ dialog: null })}>
      {replay && (
        <p>
          {t(
            'Whoever opens this link sees the cluster do again what it did here, to the same byte. The session is in the link itself: it reaches no server.',
          )}
        </p>
      )}
      <textarea
        readOnly
        aria-label={t('Link')}
        value={link}
        placeholder={shares || error ? '' : t('The link is being made…')}
        onFocus={(event) => event.target.select()}
      />
      {link.length > LONG && (
        <p role="note">{t('This link has {count} characters; some chat programs cut such links.', { count: link.length })}</p>
      )}
      {error && <p role="alert">{error}</p>}
      <div className="row">
        <Button main label={t('Copy the link')} text={link} />
        <Button label={t('as Markdown')} text={link && `[${t('A Kubernetes session')}](${link})`} />
        <Button label={t('as iframe')} text={link && frameOf(link)} />
        <Button label={t('as element')} text={link && elementOf(link)} />
        <button type="button" className="button" aria-expanded={qr} disabled={!link} onClick={() => setQr(!qr)}>
          {t('as QR code')}
        </button>
        <button type="button" className="button" onClick={() => void picture()}>
          {t('Picture')}
        </button>
        <span role="status">{copied && t('Copied.')}</span>
      </div>
      {qr && (
        <Suspense>
          <Code link={link.length < state.length || !state ? link : state} />
        </Suspense>
      )}
      <p>{t('Without its history: what is asked of the cluster now, to begin from or to take away.')}</p>
      <div className="row">
        <Button label={t('Link to this state')} text={state} />
        <Button label={t('YAML of everything')} text={yaml} />
        <Button label={t('Shell script')} text={script} />
        <Button label={t('Script for kind')} text={yaml && kindScript(yaml, shares?.nodes ?? 1)} />
        <button type="button" className="button" disabled={!shares} onClick={() => printOut(desk, yaml)}>
          {t('Print')}
        </button>
      </div>
      <Suspense>
        <LessonMaker />
      </Suspense>
      <Teaching />
    </Dialog>
  )
}

/** A class on one machine, or a second window beside the projector's. */
function Teaching() {
  const { choices, simulation } = useDesk()
  const teaching = useChoice((c) => c.teaching)
  if (!simulation) return null
  return (
    <label>
      <input type="checkbox" checked={teaching} onChange={(event) => choices.setState({ teaching: event.target.checked })} />
      <span>
        {t('Other windows of this browser may follow:')} <code>?follow=1</code>
      </span>
    </label>
  )
}

/** The dialog goes first: it would be on paper too. */
const printOut = ({ choices }: Desk, yaml: string): void => choices.setState({ dialog: null, printed: yaml })

async function picture(): Promise<void> {
  const { savePicture } = await import('./picture.ts')
  await savePicture()
}

const frameOf = (link: string): string => {
  const url = new URL(link)
  url.searchParams.set('embed', '1')
  return `<iframe src="${url.href.replaceAll('&', '&amp;')}" width="100%" height="480" style="border:0" title="Tabernetes" allow="clipboard-write; fullscreen"></iframe>`
}

/** For documentation: many of them share one engine, and each comes when it is seen. */
const elementOf = (link: string): string => {
  const { origin, pathname, hash } = new URL(link)
  const script = new URL('embed.js', origin + pathname).href
  const kind = hash.startsWith('#s=') ? 'state' : 'replay'
  return `<script type="module" src="${script}"></script>\n<k8s-sandbox height="420" ${kind}="${hash.slice(1)}"></k8s-sandbox>`
}

async function gather(desk: Desk): Promise<Shares> {
  const { bundleOf, scriptOf } = await import('../../state/bundle.ts')
  const { simulation, transport, storage, clock, mirror, choices } = desk
  const [session, yaml] = await Promise.all([simulation?.session(), bundleOf(transport)])
  const { createProgress } = await import('#lessons/progress.ts')
  const { lens } = choices.getState()
  const seed = clock.store.getState().status?.seed ?? '1'
  const mark = createProgress(storage).bookmark()
  const score = mark?.board && mark.seed === seed ? { score: { lesson: mark.lesson, board: mark.board } } : {}
  return {
    replay: session ? linkTo(location.href, { ...session, ...score }) : '',
    state: stateLinkTo(location.href, { seed, nodes: mirror.all('nodes').size, manifests: yaml, view: { lens } }),
    yaml,
    nodes: mirror.all('nodes').size,
    script: session ? scriptOf(session, readFiles(storage)) : '',
  }
}
