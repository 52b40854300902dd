/** Which theme is shown: the choice, or what the system prefers when it says auto; kept on the root element for the style sheets. */
import { useEffect } from 'react'
import type { Theme } from '../state/choices.ts'
import { useChoice, useDesk } from '../state/hooks.ts'

const prefers = (what: string): boolean => globalThis.matchMedia?.(`(${what})`).matches === true

const shownFor = (theme: Theme): Exclude<Theme, 'auto'> => {
  if (theme !== 'auto') return theme
  if (prefers('prefers-contrast: more') && !prefers('forced-colors: active')) return 'contrast'
  return prefers('prefers-color-scheme: dark') ? 'dark' : 'light'
}

export const isDark = (theme: Theme): boolean => shownFor(theme) === 'dark'

export function useTheme(): void {
  const { options } = useDesk()
  const theme = useChoice((c) => c.theme)
  useEffect(() => {
    const root = document.documentElement
    // Projectors wash dark colours out, so presenting starts light unless asked otherwise.
    const shown = options.present && !options.theme && theme === 'auto' ? 'light' : theme
    const apply = (): void => {
      root.dataset['theme'] = shownFor(shown)
    }
    apply()
    if (options.present) root.dataset['view'] = 'present'
    else if (options.embed && options.view === 'code') root.dataset['view'] = 'code'
    if (options.embed) root.dataset['embed'] = ''
    const wishes = ['prefers-color-scheme: dark', 'prefers-contrast: more', 'forced-colors: active'].map((wish) =>
      matchMedia(`(${wish})`),
    )
    for (const wish of wishes) wish.addEventListener('change', apply)
    return () => {
      for (const wish of wishes) wish.removeEventListener('change', apply)
    }
  }, [theme, options])
}
