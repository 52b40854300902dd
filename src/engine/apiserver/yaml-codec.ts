/**
 * YAML, handed in by the host: the page's own requests are JSON, so the engine starts without a YAML library,
 * and tools that speak YAML get it as soon as it has been loaded.
 */
import type { ParsedYaml } from '#api/go-yaml/read.ts'
import { fail } from '#api/status.ts'

export interface YamlCodec {
  /** Throws `YamlError` in go-yaml's words. */
  parse(text: string): ParsedYaml
  print(value: unknown): string
}

let codec: YamlCodec | null = null

export function provideYaml(given: YamlCodec): void {
  codec = given
}

function loaded(): YamlCodec {
  if (codec) return codec
  throw fail(
    503,
    'ServiceUnavailable',
    'the server is still loading what it needs to read and write YAML; please try again or use JSON',
  )
}

export const parseYaml = (text: string): ParsedYaml => loaded().parse(text)
export const toYaml = (value: unknown): string => loaded().print(value)
