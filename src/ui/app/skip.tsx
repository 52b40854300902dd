/** Skip links: the first stops of the Tab key. */
import { t, type Word } from '../words/index.ts'

const LINKS: [href: string, name: Word][] = [
  ['#twin', 'Cluster as a table'],
  ['#editor', 'Editor'],
  ['#terminal', 'Terminal'],
]

export const Skip = () => (
  <nav className="skip visually-hidden" aria-label={t('Skip to')}>
    {LINKS.map(([href, name]) => (
      <a
        key={href}
        href={href}
        onClick={(event) => {
          event.preventDefault()
          const target = document.querySelector<HTMLElement>(href)
          const focusable = target?.querySelector<HTMLElement>('[tabindex="0"], textarea, button, .native-edit-context') ?? target
          focusable?.focus()
        }}
      >
        {t(name)}
      </a>
    ))}
  </nav>
)
