/** Sharing: a link that replays this session, and the same as a frame for a docs page. */
import { useEffect, useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { useDesk } from '../../state/hooks.ts'
import { linkTo } from '../../state/link.ts'

/** Longer links get cut by chat programs and mail. */
const LONG = 8000

export default function Share() {
  const { choices, simulation } = useDesk()
  const [link, setLink] = useState('')
  const [error, setError] = useState('')
  const [copied, setCopied] = useState('')
  useEffect(() => {
    if (!simulation) return setError('A real cluster cannot be put into a link.')
    simulation.session().then(
      (session) => setLink(linkTo(location.href, session)),
      (reason: unknown) => setError(String(reason)),
    )
  }, [simulation])
  const frame = `<iframe src="${link.replace('#', '?embed=1#')}" width="100%" height="480" style="border:0" title="Tabernetes" allow="clipboard-write; fullscreen"></iframe>`
  const copy = (what: string, text: string) => (): void => {
    navigator.clipboard?.writeText(text).then(
      () => setCopied(what),
      () => setError('The browser refused the clipboard: select the text and copy it.'),
    )
  }
  return (
    <Dialog title="Share this session" onClose={() => choices.setState({ dialog: null })}>
      <p>
        Whoever opens this link sees the cluster do again what it did here, to the same byte. The session is in the link itself:
        it reaches no server.
      </p>
      <textarea readOnly aria-label="Link" value={link} onFocus={(event) => event.target.select()} />
      {link.length > LONG && (
        <p role="note">This link has {link.length.toLocaleString('en')} characters; some chat programs cut such links.</p>
      )}
      {error && <p role="alert">{error}</p>}
      <div className="row">
        <button type="button" className="button primary" disabled={!link} onClick={copy('Link', link)}>
          Copy the link
        </button>
        <button type="button" className="button" disabled={!link} onClick={copy('Markdown', `[A Kubernetes session](${link})`)}>
          as Markdown
        </button>
        <button type="button" className="button" disabled={!link} onClick={copy('Frame', frame)}>
          as iframe
        </button>
        <span role="status">{copied && `${copied} copied.`}</span>
      </div>
    </Dialog>
  )
}
