/** wardle.example.com: what the sample API server serves. */
import type { AnyObject } from '#api/meta.ts'
import { forbidden } from '#api/status.ts'
import type { GuestApi } from '../../apiserver/aggregation/guest.ts'
import { fill, type Hooks, type Resource, resource } from '../../apiserver/resource.ts'
import { finish } from '../../apiserver/schema/finish.ts'
import type { Schemas } from '../../apiserver/schema/schema.ts'
import { DEFAULT_COLUMNS } from '../../apiserver/table.ts'
import { alphaDefaults, fromAlpha, type Spec, toAlpha, validateFlunder, withSpec } from './flunder.ts'
import { definitionOf, wardleSchemas } from './schemas.ts'
import { wardleTexts } from './texts.ts'

const GROUP = 'wardle.example.com'
const FLUNDERS = { group: GROUP, resource: 'flunders' }
/** Structs that Go always prints. */
const NOTHING = { spec: {}, status: {} }
const FISCHERS = `fischers.${GROUP}`

/** The admission plugin BanFlunder: fischers say which names no flunder may have. */
function banned(object: AnyObject, { readAll }: Hooks): void {
  const { name } = object.metadata
  if (!readAll(FISCHERS).some((fischer) => fischer['disallowedFlunders']?.includes(name))) return
  throw forbidden(FLUNDERS, name, 'this name may not be used, please change the resource name')
}

/** What all kinds of both versions have in common; they are stored as v1alpha1. */
const common = (version: string, kind: string, schemas: Schemas) => {
  const schema = definitionOf(version, kind)
  return {
    group: GROUP,
    version,
    kind,
    plural: `${kind.toLowerCase()}s`,
    schema,
    storageVersion: 'v1alpha1',
    name: 'path-segment' as const,
    unconditionalUpdate: false,
    columns: DEFAULT_COLUMNS,
    defaults: (object: AnyObject) => finish(object, schema, schemas),
  }
}

/** `beta` and back: how the version's own spec is read and written. */
interface Form {
  read(spec: object): Spec
  write(spec: Spec): object
}
const ALPHA: Form = { read: fromAlpha, write: toAlpha }
const BETA: Form = { read: (spec) => spec, write: (spec) => spec }

function flunders(version: 'v1alpha1' | 'v1beta1', { read, write }: Form, schemas: Schemas): Resource {
  const own = `${GROUP}/${version}`
  const base = common(version, 'Flunder', schemas)
  // What the types inside the server can't hold is lost on the way in.
  const held = (object: AnyObject): AnyObject => withSpec(object, own, (spec) => write(read(spec)))
  return resource({
    ...base,
    scope: 'Namespaced',
    defaults: (object) => base.defaults(fill(version === 'v1alpha1' ? withSpec(object, own, alphaDefaults) : object, NOTHING)),
    prepareCreate(object, hooks) {
      banned(object, hooks)
      return held(object)
    },
    prepareUpdate: held,
    validate: (object, old) => (old ? [] : validateFlunder(read(object['spec'] ?? {}))),
    ...(version === 'v1alpha1'
      ? {}
      : {
          stored: {
            as: `flunders.${GROUP}`,
            toStored: (object) => withSpec(object, `${GROUP}/v1alpha1`, toAlpha),
            fromStored: (object) => withSpec(object, own, fromAlpha),
          },
        }),
  })
}

export const wardle: GuestApi = {
  info: { title: 'Wardle', version: '0.1' },
  descriptions: wardleTexts,
  schemas: wardleSchemas,
  resources: (schemas) => [
    flunders('v1beta1', BETA, schemas),
    resource({ ...common('v1alpha1', 'Fischer', schemas), scope: 'Cluster' }),
    flunders('v1alpha1', ALPHA, schemas),
  ],
}
