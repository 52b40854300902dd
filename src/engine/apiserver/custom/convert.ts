/** From the version an object is stored in to the one asked for, and back (apiserver/conversion, customresource_handler.go). */
import type { AnyObject } from '#api/meta.ts'
import { fail } from '#api/status.ts'
import { withDefaults } from './defaults.ts'
import type { Definition, WebhookSettings } from './definition.ts'
import type { JsonSchema } from './json-schema.ts'
import { dropNulls, prune } from './prune.ts'

/** Calls conversion webhooks, where something can answer them. The error is what the API server would have met. */
export interface ConversionCaller {
  convert(webhook: WebhookSettings, object: AnyObject, apiVersion: string): { object: AnyObject } | { error: string }
}

type SchemaOf = (version: string) => JsonSchema | undefined

export class Converter {
  readonly #group: string
  readonly #webhook: WebhookSettings | null
  readonly #schemaOf: SchemaOf
  readonly #caller: () => ConversionCaller | null
  /** Objects are immutable: what one comes to is remembered as long as it lives. */
  #known = new Map<string, WeakMap<AnyObject, AnyObject>>()

  constructor(definition: Definition, schemaOf: SchemaOf, caller: () => ConversionCaller | null) {
    const { group, conversion } = definition.spec
    this.#group = group
    this.#webhook = conversion?.strategy === 'Webhook' ? (conversion.webhook ?? {}) : null
    this.#schemaOf = schemaOf
    this.#caller = caller
  }

  /** As stored, read as `version`: what the schema has learnt since is added, what it has forgotten is gone. */
  read(object: AnyObject, version: string): AnyObject {
    let known = this.#known.get(version)
    if (!known) this.#known.set(version, (known = new WeakMap()))
    const found = known.get(object)
    if (found) return found
    const made = this.#read(object, version)
    known.set(object, made)
    return made
  }

  #read(object: AnyObject, version: string): AnyObject {
    const stored = object.apiVersion.slice(this.#group.length + 1)
    const schema = this.#schemaOf(stored)
    const whole = withDefaults(dropNulls(prune(object, schema).value, schema), schema)
    return stored === version ? whole : this.write(whole, version)
  }

  write(object: AnyObject, version: string): AnyObject {
    const apiVersion = `${this.#group}/${version}`
    if (object.apiVersion === apiVersion) return object
    const converted = this.#webhook ? this.#call(object, apiVersion, this.#webhook) : { ...object, apiVersion }
    const schema = this.#schemaOf(version)
    return dropNulls(prune(converted, schema).value, schema)
  }

  #call(object: AnyObject, apiVersion: string, webhook: WebhookSettings): AnyObject {
    const caller = this.#caller()
    const answer = caller ? caller.convert(webhook, object, apiVersion) : { error: unreachable(webhook) }
    if ('object' in answer) return answer.object
    throw fail(500, '', `conversion webhook for ${object.apiVersion}, Kind=${object.kind} failed: ${answer.error}`)
  }
}

function unreachable({ clientConfig }: WebhookSettings): string {
  const { url, service } = clientConfig ?? {}
  if (url !== undefined) return `Post "${url}?timeout=30s": dial tcp: connect: connection refused`
  const { namespace = '', name = '', path = '', port = 443 } = service ?? {}
  const at = `https://${name}.${namespace}.svc:${port}${path}?timeout=30s`
  return `Post "${at}": no endpoints available for service "${name}"`
}
