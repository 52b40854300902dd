/** Help: the keys, and the switch that turns single keys off. */
import { Dialog } from '../../parts/dialog.tsx'
import { useChoice, useDesk } from '../../state/hooks.ts'
import { t, type Word } from '../../words/index.ts'

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

export default function Help() {
  const { choices, lifeline } = useDesk()
  const shortcuts = useChoice((c) => c.shortcuts)
  return (
    <Dialog title={t('Keys and help')} onClose={() => choices.setState({ dialog: null })}>
      <p>
        {t(
          'A whole Kubernetes cluster runs in this page: nothing you do here can break anything. Click a pod, a machine or a service; a right click shows what you can do to it. The first stop of the',
        )}{' '}
        <kbd>Tab</kbd> {t('key leads to the same cluster as a table.')}
      </p>
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
        </button>
      </p>
      <label>
        <input type="checkbox" checked={shortcuts} onChange={(event) => choices.setState({ shortcuts: event.target.checked })} />{' '}
        {t('Single keys are shortcuts')}
      </label>
    </Dialog>
  )
}
