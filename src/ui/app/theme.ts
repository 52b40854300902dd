/** Light or dark: the choice, or what the system prefers when it says auto; kept on the root element for the style sheets. */
import { useEffect } from 'react'
import type { Theme } from '../state/choices.ts'
import { useChoice, useDesk } from '../state/hooks.ts'

const prefersDark = (): boolean => globalThis.matchMedia?.('(prefers-color-scheme: dark)').matches === true

export const isDark = (theme: Theme): boolean => theme === 'dark' || (theme === 'auto' && prefersDark())

export function useTheme(): void {
  const { options } = useDesk()
  const theme = useChoice((c) => c.theme)
  useEffect(() => {
    const root = document.documentElement
    // Projectors wash dark colours out, so presenting starts light unless asked otherwise.
    const shown = options.present && !options.theme && theme === 'auto' ? 'light' : theme
    const apply = (): void => {
      root.dataset['theme'] = isDark(shown) ? 'dark' : 'light'
    }
    apply()
    if (options.present) root.dataset['view'] = 'present'
    if (options.embed) root.dataset['embed'] = ''
    const system = matchMedia('(prefers-color-scheme: dark)')
    system.addEventListener('change', apply)
    return () => system.removeEventListener('change', apply)
  }, [theme, options])
}
