/** An empty cluster: nothing is asked for yet, and three ways to begin. */
import { BookOpen, FilePen, Rocket } from 'lucide-react'
import { useState } from 'react'
import { perform, visitors } from '../state/actions.ts'
import { useCalmScene, useChoice, useDesk, useScene } from '../state/hooks.ts'
import { t } from '../words/index.ts'

export function Nothing() {
  const desk = useDesk()
  const [busy, setBusy] = useState(false)
  const lesson = useChoice((c) => c.lessonOpen)
  useCalmScene('pods', 300)
  useScene('mirror')
  useScene('workload list')
  const { mirror, scene, choices, options } = desk
  const empty = mirror.state('pods') === 'live' && mirror.state('deployments') === 'live' && scene.workloads().length === 0
  const lonely = [...mirror.all('pods').values()].some((pod) => pod.metadata.namespace === 'default')
  if (!empty || lonely || lesson || options.embed) return null
  const run = async (): Promise<void> => {
    setBusy(true)
    const [{ applyManifest }, { examples }] = await Promise.all([
      import('../panels/editor/apply-manifest.ts'),
      import('../panels/editor/examples.ts'),
    ])
    const first = await examples[0]?.load()
    if (first) await applyManifest(desk, first)
    // A web app that nobody visits shows little.
    if (first && desk.simulation) await perform(desk, visitors(desk, 'default/hello', 4))
    setBusy(false)
  }
  return (
    <section className="nothing" aria-label={t('Nothing is asked for yet')}>
      <h2>{t('Nothing is asked for yet.')}</h2>
      <div>
        <button type="button" disabled={busy} onClick={() => void run()}>
          <Rocket size={20} aria-hidden="true" />
          <b>{t('Run a web app')}</b>
          <span>{t('three copies and one address')}</span>
        </button>
        <button type="button" onClick={() => choices.setState({ deskOpen: true, tab: 'editor', screen: 'code' })}>
          <FilePen size={20} aria-hidden="true" />
          <b>{t('Write YAML')}</b>
          <span>{t('in the editor, then press Apply')}</span>
        </button>
        <button type="button" onClick={() => choices.setState({ lessonOpen: true, screen: 'lesson' })}>
          <BookOpen size={20} aria-hidden="true" />
          <b>{t('Open a lesson')}</b>
          <span>{t('four minutes for the first')}</span>
        </button>
      </div>
    </section>
  )
}
