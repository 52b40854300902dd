/** Renders a chart's templates (helm's pkg/engine): every file of a chart and its subcharts, with the values of its scope. */
import { fn, type GoFunction, GoObject, TemplateError, TemplateSet, type Value } from '#gotemplate/index.ts'
import { type Chart, fullPath, type Metadata, type Values } from '../chart/chart.ts'
import { HelmError } from '../io.ts'
import { copied, isTable } from '../values/tables.ts'
import { type Capabilities, capabilitiesValue } from './capabilities.ts'
import { filesValue } from './files.ts'
import { type Chance, functions } from './functions/index.ts'

export interface ReleaseFacts {
  name: string
  namespace: string
  revision: number
  isInstall: boolean
  isUpgrade: boolean
}

export interface Rendering extends Chance {
  chart: Chart
  /** Coalesced. */
  values: Values
  release: ReleaseFacts
  capabilities: Capabilities
  /** `lookup`: absent where templates may not ask the cluster; then every question is answered with nothing. */
  lookup?(apiVersion: string, kind: string, namespace: string, name: string): Promise<unknown>
  /** Whether `required` and `fail` only tell. */
  lint?: (line: string) => void
}

/** A template asked the cluster something that isn't known yet. */
class Unanswered {
  readonly question: [string, string, string, string]
  constructor(question: [string, string, string, string]) {
    this.question = question
  }
}

const MAX_QUESTIONS = 500
const NESTED_NAMES = 1000
const START = 'HELM_ERR_START'
const END = 'HELM_ERR_END'

/**
 * File names and what they come to. Templates run to their end without waiting, so a `lookup` stops them, is asked, and
 * everything starts anew with its answer known.
 */
export async function render(rendering: Rendering): Promise<Map<string, string>> {
  const answers = new Map<string, unknown>()
  for (let asked = 0; asked <= MAX_QUESTIONS; asked++) {
    try {
      return new Engine(rendering, answers).run()
    } catch (error) {
      if (!(error instanceof Unanswered) || !rendering.lookup) throw error
      answers.set(error.question.join('\u0000'), await rendering.lookup(...error.question))
    }
  }
  throw new HelmError('templates ask the cluster without end')
}

interface Renderable {
  text: string
  scope: Record<string, Value>
  folder: string
}

class Engine {
  readonly #rendering: Rendering
  readonly #answers: ReadonlyMap<string, unknown>
  readonly #nested = new Map<string, number>()
  #unanswered: Unanswered | null = null

  constructor(rendering: Rendering, answers: ReadonlyMap<string, unknown>) {
    this.#rendering = rendering
    this.#answers = answers
  }

  run(): Map<string, string> {
    const { chart, values, release, capabilities } = this.#rendering
    const top = {
      Release: {
        Name: release.name,
        Namespace: release.namespace,
        IsUpgrade: release.isUpgrade,
        IsInstall: release.isInstall,
        Revision: BigInt(release.revision),
        Service: 'Helm',
      },
      Capabilities: capabilitiesValue(capabilities),
    }
    const files = new Map<string, Renderable>()
    collect(chart, copied(values), top, files)
    const names = [...files.keys()].sort((a, b) => depth(b) - depth(a) || (a < b ? 1 : -1))
    const shared = functions(this.#rendering)
    const set = new TemplateSet(shared)
    Object.assign(
      shared,
      this.#own(() => set),
    )
    set.missingKey = 'zero'
    for (const name of names) this.#parse(set, name, (files.get(name) as Renderable).text)
    const rendered = new Map<string, string>()
    for (const name of names) {
      if (name.slice(name.lastIndexOf('/') + 1).startsWith('_')) continue
      const { scope, folder } = files.get(name) as Renderable
      scope['Template'] = { Name: name, BasePath: folder }
      rendered.set(name, this.#execute(set, name, scope))
    }
    return rendered
  }

  #parse(set: TemplateSet, name: string, text: string): void {
    try {
      set.parse(name, text)
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      const tokens = error.message.split(': ')
      throw new HelmError(
        tokens.length === 1 ? `parse error in (${name}): ${error.message}` : `parse error at (${tokens[1]}): ${tokens.at(-1)}`,
      )
    }
  }

  #execute(set: TemplateSet, name: string, scope: Value): string {
    try {
      return set.execute(name, scope).replaceAll('<no value>', '')
    } catch (error) {
      if (this.#unanswered) throw this.#unanswered
      if (!(error instanceof TemplateError)) throw error
      const [, location, rest = ''] = /^[^:]*(?:: (\S+): )?(.*)$/s.exec(error.message) ?? []
      const warned = new RegExp(`${START}([\\s\\S]*)${END}`).exec(rest)
      throw new HelmError(warned ? `execution error at (${location}): ${warned[1]}` : error.message)
    }
  }

  #own(set: () => TemplateSet): Record<string, GoFunction> {
    const told = (text: string): Value => {
      if (!this.#rendering.lint) throw new Error(START + text + END)
      return ''
    }
    return {
      include: fn(['string', 'any'], (name: string, data: Value) => this.#include(set(), name, data)),
      tpl: fn(['string', 'any'], (text: string, data: Value) => this.#tpl(set(), text, data)),
      required: fn(['string', 'any'], (text: string, value: Value) => {
        if (value !== null && value !== undefined && value !== '') return value
        this.#rendering.lint?.(`[INFO] Missing required value: ${text}`)
        return told(text)
      }),
      fail: fn(['string'], (text: string) => {
        this.#rendering.lint?.(`[INFO] Fail: ${text}`)
        return told(text)
      }),
      lookup: fn(['string', 'string', 'string', 'string'], (...question: [string, string, string, string]) =>
        this.#lookup(question),
      ),
    }
  }

  #include(set: TemplateSet, name: string, data: Value): string {
    const depthNow = this.#nested.get(name) ?? 0
    if (depthNow > NESTED_NAMES)
      throw new Error(`rendering template has a nested reference name: ${name}: unable to execute template`)
    if (!set.has(name)) throw new Error(`template: no template ${JSON.stringify(name)} associated with template "gotpl"`)
    this.#nested.set(name, depthNow + 1)
    const text = set.execute(name, data)
    this.#nested.set(name, depthNow)
    return text
  }

  #tpl(parent: TemplateSet, text: string, data: Value): string {
    const own: Record<string, GoFunction> = functions(this.#rendering)
    const set = parent.clone(own)
    Object.assign(
      own,
      this.#own(() => set),
    )
    set.missingKey = 'zero'
    try {
      set.parse('gotpl', text, true)
    } catch (error) {
      throw new Error(`cannot parse template ${JSON.stringify(text)}: ${(error as Error).message}`)
    }
    try {
      return set.execute('gotpl', data).replaceAll('<no value>', '')
    } catch (error) {
      throw new Error(`error during tpl function execution for ${JSON.stringify(text)}: ${(error as Error).message}`)
    }
  }

  #lookup(question: [string, string, string, string]): Value {
    if (!this.#rendering.lookup) return {}
    const key = question.join('\u0000')
    if (this.#answers.has(key)) return this.#answers.get(key)
    this.#unanswered = new Unanswered(question)
    throw new Error('the cluster is asked')
  }
}

const depth = (name: string): number => name.split('/').length

/** Every template of a chart with the scope it runs in; subcharts first, as they are values of their parents' scope. */
function collect(
  chart: Chart,
  values: Values,
  top: Record<string, Value>,
  files: Map<string, Renderable>,
): Record<string, Value> {
  const subcharts: Record<string, Value> = {}
  const scope: Record<string, Value> = {
    Chart: chartValue(chart.metadata, chart.parent === null),
    Files: filesValue(chart.files),
    ...top,
    Values: values,
    Subcharts: subcharts,
  }
  for (const child of chart.dependencies) {
    const { name } = child.metadata
    const inner = values[name]
    subcharts[name] = collect(child, isTable(inner) ? inner : {}, top, files)
  }
  const path = fullPath(chart)
  const isLibrary = chart.metadata.type?.toLowerCase() === 'library'
  for (const { name, data } of chart.templates) {
    if (isLibrary && !name.slice(name.lastIndexOf('/') + 1).startsWith('_')) continue
    files.set(`${path}/${name}`, { text: data, scope, folder: `${path}/templates` })
  }
  return scope
}

function chartValue(metadata: Metadata, isRoot: boolean): GoObject {
  const { maintainers, dependencies } = metadata
  return new GoObject('struct { chart.Metadata; IsRoot bool }', {
    fields: {
      Name: metadata.name,
      Home: metadata.home ?? '',
      Sources: metadata.sources ?? [],
      Version: String(metadata.version),
      Description: metadata.description ?? '',
      Keywords: metadata.keywords ?? [],
      Maintainers: (maintainers ?? []).map(
        ({ name = '', email = '', url = '' }) =>
          new GoObject('*chart.Maintainer', { fields: { Name: name, Email: email, URL: url } }),
      ),
      Icon: metadata.icon ?? '',
      APIVersion: metadata.apiVersion,
      Condition: metadata.condition ?? '',
      Tags: metadata.tags ?? '',
      AppVersion: metadata.appVersion === undefined ? '' : String(metadata.appVersion),
      Deprecated: metadata.deprecated ?? false,
      Annotations: metadata.annotations ?? {},
      KubeVersion: metadata.kubeVersion ?? '',
      Dependencies: (dependencies ?? []).map(
        (one) =>
          new GoObject('*chart.Dependency', {
            fields: { Name: one.name, Version: one.version ?? '', Alias: one.alias ?? '', Enabled: one.enabled ?? false },
          }),
      ),
      Type: metadata.type ?? '',
      IsRoot: isRoot,
    },
  })
}
