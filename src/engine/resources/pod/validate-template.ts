/** Validation of pod templates, for every kind that has one. */
import { forbiddenField, inKeyOrder, invalid, required, unsupported } from '#api/field-error.ts'
import type { PodTemplateSpec } from '#api/kinds.ts'
import { isQualifiedName } from '#api/names.ts'
import { matches, type Selector } from '#api/selector.ts'
import { type Found, flag, labels } from './checks.ts'
import { podAnnotations, profilesAgree } from './validate-annotations.ts'
import { validatePodSpec } from './validate-spec.ts'

/** ValidateAnnotations: keys as of labels but without regard to case, and not too much of it all. */
function annotations(found: Found, path: string, map: Record<string, string> | undefined): void {
  let size = 0
  for (const key in map) {
    flag(found, path, key, isQualifiedName(key.toLowerCase()))
    size += key.length + (map[key] as string).length
  }
  if (size > 256 * 1024)
    found.push({ type: 'FieldValueTooLong', field: path, message: 'Too long: may not be more than 262144 bytes' })
}

/** Annotations of a template, those with a meaning for Pods too. */
export function templateAnnotations(found: Found, path: string, template: PodTemplateSpec, old: PodTemplateSpec | null): void {
  const own = template.metadata?.annotations
  annotations(found, `${path}.annotations`, own)
  podAnnotations(found, `${path}.annotations`, own, template.spec ?? {}, old ? old.metadata?.annotations : null)
}

/** ValidatePodTemplateSpec. `old` is the stored template, on updates. */
export function validatePodTemplate(found: Found, path: string, template: PodTemplateSpec, old: PodTemplateSpec | null): void {
  const { metadata } = template
  const spec = template.spec ?? {}
  labels(found, `${path}.labels`, metadata?.labels)
  templateAnnotations(found, path, template, old)
  validatePodSpec(found, `${path}.spec`, spec, { podName: '', isPod: false, old: old?.spec ?? null })
  profilesAgree(found, `${path}.spec`, metadata?.annotations, spec)
  if (spec.ephemeralContainers) {
    found.push(forbiddenField(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'))
  }
}

/** A template of Pods that always restart and that `selector` selects; `kind` as in the message about deadlines. */
export function validateRunningTemplate(
  found: Found,
  path: string,
  template: PodTemplateSpec | undefined,
  old: PodTemplateSpec | null,
  selector: Selector,
  kind: string,
): void {
  if (!template) {
    found.push(required(path))
    return
  }
  const own = template.metadata?.labels
  if (selector.length > 0 && !matches(selector, own)) {
    found.push(invalid(`${path}.metadata.labels`, own && inKeyOrder(own), '`selector` does not match template `labels`'))
  }
  validatePodTemplate(found, path, template, old)
  onlyAlwaysRestarting(found, path, template, kind)
}

/** Pods that are kept alive restart always, and have no end; `kind` as in the message about deadlines. */
export function onlyAlwaysRestarting(found: Found, path: string, template: PodTemplateSpec, kind: string): void {
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? {}
  if (restartPolicy !== 'Always') found.push(unsupported(`${path}.spec.restartPolicy`, restartPolicy ?? '', ['Always']))
  if (activeDeadlineSeconds !== undefined) {
    found.push(forbiddenField(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`))
  }
}
