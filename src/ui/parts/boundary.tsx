/** A pane that fails says so in its own place, and the rest of the page lives on. */
import { Component, type ReactNode } from 'react'
import { t } from '../words/index.ts'

interface BoundaryProps {
  name: string
  children: ReactNode
}

export class Boundary extends Component<BoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error }
  }

  /** Code that did not come is not asked for twice by one page. */
  again({ message }: Error): void {
    if (/dynamically imported|preload|module script/i.test(message)) location.reload()
    else this.setState({ error: null })
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <div className="loading" role="alert">
        <p>
          {t('{name} could not be shown: {message}', { name: this.props.name, message: error.message })}
          <br />
          <button type="button" className="link" onClick={() => this.again(error)}>
            {t('Try again')}
          </button>
        </p>
      </div>
    )
  }
}
