/** The libraries of Kubernetes 1.36's base environment (k8s.io/apiserver/pkg/cel/environment/base.go). */
import type { Library, Overload } from '../declare.ts'
import { addresses } from './addresses.ts'
import { authorizers } from './authorizer.ts'
import { formats } from './formats.ts'
import { lists } from './lists.ts'
import { maps } from './maps.ts'
import { optionals } from './optionals.ts'
import { quantities } from './quantities.ts'
import { standard } from './standard.ts'
import { texts } from './texts.ts'
import { times } from './times.ts'
import { urls } from './urls.ts'

const libraries: readonly Library[] = [
  standard,
  times,
  texts,
  lists,
  optionals,
  maps,
  urls,
  addresses,
  quantities,
  formats,
  authorizers,
]

function byName(): Map<string, Overload[]> {
  const found = new Map<string, Overload[]>()
  for (const { overloads } of libraries) {
    for (const one of overloads) {
      const known = found.get(one.fn)
      if (known) known.push(one)
      else found.set(one.fn, [one])
    }
  }
  return found
}

export const functions: ReadonlyMap<string, readonly Overload[]> = byName()

export const constants: Readonly<Record<string, NonNullable<Library['constants']>[string]>> = Object.assign(
  {},
  ...libraries.map((library) => library.constants ?? {}),
)
