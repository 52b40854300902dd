/** The words of a lesson: markdown without HTML; commands can be run, symptoms are marked. */
import type { ReactNode } from 'react'
import Markdown, { type Components } from 'react-markdown'
import { Whole } from '../../parts/whole.tsx'
import { t } from '../../words/index.ts'
import { isWhole } from './blanks.ts'
import { useRoom } from './use-room.ts'

const isSymptom = (url: string): boolean => url.startsWith('event:')

const components: Components = {
  pre: ({ children }) => <Commands>{children}</Commands>,
  code: ({ children }) => <code>{typeof children === 'string' ? <Whole>{children}</Whole> : children}</code>,
  a: ({ href = '', children }) =>
    isSymptom(href) ? (
      <span className="symptom mono">{children}</span>
    ) : (
      <a href={href} target="_blank" rel="noreferrer">
        {children}
      </a>
    ),
}

/** Web addresses and symptoms; nothing else becomes a link. */
const safe = (url: string): string => (/^https:\/\//.test(url) || isSymptom(url) ? url : '')

export const Words = ({ children }: { children: string }) => (
  <div className="words">
    <Markdown components={components} urlTransform={safe}>
      {children}
    </Markdown>
  </div>
)

/** Words within a line: no paragraph of their own. */
export const Phrase = ({ children }: { children: string }) => (
  <Markdown components={{ ...components, p: ({ children: inner }) => inner as ReactNode }} urlTransform={safe}>
    {children}
  </Markdown>
)

function Commands({ children }: { children: ReactNode }) {
  const room = useRoom()
  const text = textOf(children).trimEnd()
  const lines = text.split('\n').filter((line) => /^(?:kubectl|ssh) /.test(line))
  return (
    <div className="commands">
      {lines.length === 0 && <pre className="mono">{text}</pre>}
      {lines.map((line) => (
        <div key={line} className="command">
          {isWhole(line) && (
            <button
              type="button"
              className="link"
              title={t('Run it in the terminal')}
              aria-label={t('Run {line}', { line })}
              onClick={() => void room.type(line)}
            >
              {t('Run')}
            </button>
          )}
          <code className="mono">
            <Whole>{line}</Whole>
          </code>
        </div>
      ))}
    </div>
  )
}

function textOf(node: ReactNode): string {
  if (typeof node === 'string') return node
  if (Array.isArray(node)) return node.map(textOf).join('')
  const props = (node as { props?: { children?: ReactNode } } | null)?.props
  return props ? textOf(props.children) : ''
}
