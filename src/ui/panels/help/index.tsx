/** Help: the keys, and the switch that turns single keys off. */
import { Dialog } from '../../parts/dialog.tsx'
import type { Theme } from '../../state/choices.ts'
import { useChoice, useDesk } from '../../state/hooks.ts'
import { LANGUAGES, type Language, speak, t, type Word } from '../../words/index.ts'

const KEYS: [string[], Word][] = [
  [['Space'], 'Pause or run the cluster'],
  [['.'], 'One event; on a row of the table: its menu'],
  [[','], 'One reconcile of a controller, the scheduler or a kubelet'],
  [['Ctrl', 'Z'], 'Outside of the editor: undo the last command'],
  [['K'], 'Kill the chosen pod'],
  [['Esc'], 'Let go of what is chosen, close what is open'],
  [['1', '2', '3'], 'Lens: places, traffic, owners'],
  [['L'], 'Legend'],
  [['/'], 'Find something, or filter the graph'],
  [['C'], 'Control plane: fold or show'],
  [['T'], 'Terminal'],
  [['E'], 'Editor and inspector'],
  [['Ctrl', 'Enter'], 'In the editor: apply'],
  [['Ctrl', 'M'], 'In the editor: let the Tab key leave it'],
  [['?'], 'This page'],
]

const THEMES: [Theme, Word][] = [
  ['auto', 'As the system has it'],
  ['light', 'Light'],
  ['dark', 'Dark'],
  ['contrast', 'High contrast'],
]
const NAMES: Record<Language, string> = { en: 'English', de: 'Deutsch' }

function Settings() {
  const { choices, storage } = useDesk()
  const theme = useChoice((c) => c.theme)
  const tell = async (lang: Language): Promise<void> => {
    storage.set('lang', lang)
    await speak(lang)
  }
  return (
    <>
      <label>
        {t('Colours')}
        <select value={theme} onChange={(event) => choices.setState({ theme: event.target.value as Theme })}>
          {THEMES.map(([id, name]) => (
            <option key={id} value={id}>
              {t(name)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('Language')}
        <select value={document.documentElement.lang} onChange={(event) => void tell(event.target.value as Language)}>
          {LANGUAGES.map((id) => (
            <option key={id} value={id} lang={id}>
              {NAMES[id]}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}

export default function Help() {
  const { choices, lifeline, simulation } = useDesk()
  const shortcuts = useChoice((c) => c.shortcuts)
  return (
    <Dialog title={t('Keys and help')} onClose={() => choices.setState({ dialog: null })}>
      <p>
        {t(
          'A whole Kubernetes cluster runs in this page: nothing you do here can break anything. Click a pod, a machine or a service; a right click shows what you can do to it. The first stop of the',
        )}{' '}
        <kbd>Tab</kbd> {t('key leads to the same cluster as a table.')}
      </p>
      <Settings />
      <table>
        <tbody>
          {KEYS.map(([keys, words]) => (
            <tr key={words}>
              <th scope="row">
                {keys.map((key) => (
                  <span key={key}>
                    <kbd>{key}</kbd>{' '}
                  </span>
                ))}
              </th>
              <td>{t(words)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {t('This tab remembers what you did, also over a reload.')}{' '}
        <button type="button" className="link" onClick={() => lifeline.getState().restart(null)}>
          {t('Start over with a new cluster')}
        </button>{' '}
        {simulation && (
          <button type="button" className="link" onClick={() => choices.setState({ dialog: 'begin' })}>
            {t('Begin another cluster')}
          </button>
        )}
      </p>
      <label>
        <input type="checkbox" checked={shortcuts} onChange={(event) => choices.setState({ shortcuts: event.target.checked })} />{' '}
        {t('Single keys are shortcuts')}
      </label>
    </Dialog>
  )
}
