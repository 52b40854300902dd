/** Skip links: the first stops of the Tab key. */
const LINKS = [
  ['#twin', 'Cluster as a table'],
  ['#editor', 'Editor'],
  ['#terminal', 'Terminal'],
] as const

export const Skip = () => (
  <nav className="skip visually-hidden" aria-label="Skip to">
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
        {name}
      </a>
    ))}
  </nav>
)
