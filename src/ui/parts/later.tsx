/** Components whose code comes later, several from one file; nothing stands in their place until then. */
import { type ComponentProps, type ComponentType, lazy, type ReactNode, Suspense } from 'react'

/**
 * `later(load, 'Name', Stand)` is the component `Name` of what `load` brings. `Stand` keeps its room free meanwhile.
 * The code is asked for when the first of them is drawn.
 */
export function later<M, K extends keyof M>(load: () => Promise<M>, name: K, Stand?: () => ReactNode) {
  type Props = M[K] extends ComponentType<any> ? ComponentProps<M[K]> : never
  const Lazy = lazy(async () => ({ default: (await load())[name] as ComponentType<any> }))
  return function Later(props: Props) {
    return (
      <Suspense fallback={Stand ? <Stand /> : null}>
        <Lazy {...props} />
      </Suspense>
    )
  }
}
