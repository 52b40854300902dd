/** The definitions of the sample API server (sample-apiserver, pkg/apis/wardle), in the catalogue's packed form. */
import type { Schemas } from '../../apiserver/schema/schema.ts'
import { catalogueSchemas } from '../catalogue/index.ts'

const PACKAGE = 'io.k8s.sample-apiserver.pkg.apis.wardle'

const HEAD = 'apiVersion:s kind:s metadata:!22.ObjectMeta'
const listOf = (kind: string): string => `${kind}List^ items*:![${kind} apiVersion:s kind:s metadata:!22.ListMeta`
const FLUNDER = `Flunder^ ${HEAD} spec:!FlunderSpec status:!FlunderStatus`

const DEFINITIONS = [
  '',
  `@${PACKAGE}.v1alpha1 wardle.example.com/v1alpha1`,
  `Fischer^ ${HEAD} disallowedFlunders:[s;a`,
  listOf('Fischer'),
  FLUNDER,
  listOf('Flunder'),
  "FlunderSpec reference:s referenceType:&s'ReferenceType",
  'FlunderStatus',
  `@${PACKAGE}.v1beta1 wardle.example.com/v1beta1`,
  FLUNDER,
  listOf('Flunder'),
  "FlunderSpec flunderReference:s fischerReference:s referenceType:s'ReferenceType",
  'FlunderStatus',
].join('\n')

export const definitionOf = (version: string, kind: string): string => `${PACKAGE}.${version}.${kind}`

export const wardleSchemas = (): Schemas => catalogueSchemas(DEFINITIONS)
