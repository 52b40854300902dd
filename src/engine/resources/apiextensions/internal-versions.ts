/** Versions as Go's internal type prints them in messages. */

import type { PrinterColumn } from '../../apiserver/custom/columns.ts'
import { internalSchema } from '../../apiserver/custom/internal-form.ts'
import type { Scale, Subresources, Version } from './definition.ts'

const scale = ({ specReplicasPath = '', statusReplicasPath = '', labelSelectorPath }: Scale) => ({
  SpecReplicasPath: specReplicasPath,
  StatusReplicasPath: statusReplicasPath,
  LabelSelectorPath: labelSelectorPath ?? null,
})

const subresources = (given: Subresources | undefined) =>
  given ? { Status: given.status ? {} : null, Scale: given.scale ? scale(given.scale) : null } : null

const column = (given: PrinterColumn) => ({
  Name: given.name ?? '',
  Type: given.type ?? '',
  Format: given.format ?? '',
  Description: given.description ?? '',
  Priority: given.priority ?? 0,
  JSONPath: given.jsonPath ?? '',
})

export const internalVersions = (versions: readonly Version[]): object[] =>
  versions.map((version) => ({
    Name: version.name ?? '',
    Served: version.served ?? false,
    Storage: version.storage ?? false,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: version.schema
      ? { OpenAPIV3Schema: version.schema.openAPIV3Schema ? internalSchema(version.schema.openAPIV3Schema) : null }
      : null,
    Subresources: subresources(version.subresources),
    AdditionalPrinterColumns: version.additionalPrinterColumns?.length ? version.additionalPrinterColumns.map(column) : null,
    SelectableFields: version.selectableFields?.length
      ? version.selectableFields.map(({ jsonPath = '' }) => ({ JSONPath: jsonPath }))
      : null,
  }))
