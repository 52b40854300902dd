/** A modal dialog on the platform's own element: it keeps the focus inside and gives it back. */
import './dialog.css'
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { t } from '../words/index.ts'

export function Dialog({ title, onClose, children }: { title: string; onClose(): void; children: ReactNode }) {
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = element.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={element}
      className="dialog"
      aria-label={title}
      onCancel={onClose}
      onClick={(event) => event.target === element.current && onClose()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header>
        <h2>{title}</h2>
        <button type="button" className="icon" aria-label={t('Close')} onClick={onClose}>
          <X size={17} />
        </button>
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>
  )
}
