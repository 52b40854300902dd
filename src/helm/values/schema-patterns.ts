/** Patterns of a values.schema.json that are no regular expressions: the schema itself is refused for them. */
import { compileRegexp } from '#api/regexp/index.ts'
import { HelmError } from '../io.ts'

/** Below these names stand schemas by name, or values that are none. */
const BY_NAME = new Set(['properties', 'patternProperties', 'definitions', '$defs', 'dependentSchemas', 'dependencies'])
const VALUES = new Set(['const', 'enum', 'default', 'examples'])

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

function wrong(schema: unknown, at: string): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  if (Array.isArray(schema)) return schema.flatMap((one, i) => wrong(one, `${at}/${i}`))
  const refusal = (pattern: string): string | null => {
    const compiled = compileRegexp(pattern)
    return typeof compiled === 'string' ? `'${pattern}' is not valid regex: ${compiled}` : null
  }
  return Object.entries(schema).flatMap(([name, inner]): string[] => {
    const here = `${at}/${escaped(name)}`
    if (VALUES.has(name)) return []
    if (name === 'pattern' && typeof inner === 'string') {
      const why = refusal(inner)
      return why ? [`- at '${here}': ${why}`] : []
    }
    if (!BY_NAME.has(name) || typeof inner !== 'object' || inner === null) return wrong(inner, here)
    const names =
      name === 'patternProperties'
        ? Object.keys(inner).flatMap((pattern) => {
            const why = refusal(pattern)
            return why ? [`- at '${here}': invalid propertyName '${pattern}'`, `  - at '': ${why}`] : []
          })
        : []
    return [...names, ...Object.entries(inner).flatMap(([key, one]) => wrong(one, `${here}/${escaped(key)}`))]
  })
}

/** Throws what helm says when a schema does not keep to the schema of schemas. */
export function checkPatterns(chart: string, schema: boolean | Record<string, unknown>): void {
  const problems = wrong(schema, '')
  if (problems.length === 0) return
  const { $schema = 'https://json-schema.org/draft/2020-12/schema' } = schema as Record<string, unknown>
  const metaschema = String($schema).replace(/#?$/, '#')
  const head = `values don't meet the specifications of the schema(s) in the following chart(s):\n${chart}:\n`
  throw new HelmError(
    `${head}"file:///values.schema.json#" is not valid against metaschema: jsonschema validation failed with '${metaschema}'\n${problems.join('\n')}`,
  )
}
