/** Slim Monaco: only what a YAML editor needs, and Kubernetes' schemas for it. */
import * as monaco from 'monaco-editor/editor'
import 'monaco-editor/features/codeEditor/register'
import 'monaco-editor/features/codicon/register'
import 'monaco-editor/features/bracketMatching/register'
import 'monaco-editor/features/caretOperations/register'
import 'monaco-editor/features/clipboard/register'
import 'monaco-editor/features/codeAction/register'
import 'monaco-editor/features/comment/register'
import 'monaco-editor/features/contextmenu/register'
import 'monaco-editor/features/cursorUndo/register'
import 'monaco-editor/features/find/register'
import 'monaco-editor/features/folding/register'
import 'monaco-editor/features/format/register'
import 'monaco-editor/features/gotoError/register'
import 'monaco-editor/features/hover/register'
import 'monaco-editor/features/indentation/register'
import 'monaco-editor/features/linesOperations/register'
import 'monaco-editor/features/multicursor/register'
import 'monaco-editor/features/quickCommand/register'
import 'monaco-editor/features/quickOutline/register'
import 'monaco-editor/features/smartSelect/register'
import 'monaco-editor/features/snippet/register'
import 'monaco-editor/features/stickyScroll/register'
import 'monaco-editor/features/toggleTabFocusMode/register'
import 'monaco-editor/features/tokenization/register'
import 'monaco-editor/features/wordHighlighter/register'
import 'monaco-editor/features/wordOperations/register'
// 0.57: these features' register files import only the last of their modules.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController'
import 'monaco-editor/editor/contrib/caretOperations/browser/caretOperations'
import 'monaco-editor/editor/contrib/gotoError/browser/markerSelectionStatus'
import 'monaco-editor/esm/vs/base/browser/ui/codicons/codicon/codicon-modifiers.css'
import 'monaco-editor/languages/definitions/yaml/register'
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
import { configureMonacoYaml, type MonacoYaml } from 'monaco-yaml'
import type { Stop, Transport } from '#api/request.ts'
import { baseSchema, CRDS, type Schema, withCustom } from './schemas.ts'
import YamlWorker from './yaml.worker?worker'

self.MonacoEnvironment = {
  getWorker: (_id: string, label: string) => (label === 'yaml' ? new YamlWorker() : new EditorWorker()),
}

interface LegacyOptions {
  label?: string
  createData?: unknown
  host?: Record<string, (...args: any[]) => unknown>
  keepIdleModels?: boolean
}

/** monaco-editor takes a Worker since 0.53; monaco-yaml 5 still passes what the worker should be made of. */
function createWebWorker<T extends object>({
  label,
  createData,
  host,
  keepIdleModels,
}: LegacyOptions): monaco.editor.MonacoWebWorker<T> {
  const worker = new YamlWorker({ name: label ?? 'yaml' })
  worker.postMessage('ignore')
  worker.postMessage(createData)
  return monaco.editor.createWebWorker<T>({
    worker,
    ...(host ? { host } : {}),
    ...(keepIdleModels === undefined ? {} : { keepIdleModels }),
  })
}
const compatible = { ...monaco, editor: { ...monaco.editor, createWebWorker } } as unknown as Parameters<
  typeof configureMonacoYaml
>[0]

/** monaco-yaml allows one configured instance per page; two editors share it. */
let yaml: Promise<MonacoYaml> | null = null

const SETTINGS = {
  enableSchemaRequest: false,
  hover: true,
  hoverSchemaSource: false,
  completion: true,
  validate: true,
  format: { enable: true },
  isKubernetes: false,
  yamlVersion: '1.1' as const,
}

const withSchema = (schema: Schema | null) => ({
  ...SETTINGS,
  schemas: schema
    ? [{ uri: 'https://kubernetes.invalid/schema-1.36.json', fileMatch: ['**/*.yaml', '**/*.yml'], schema: schema as object }]
    : [],
})

export function setUpYaml(): Promise<MonacoYaml> {
  yaml ??= baseSchema().then((found) => configureMonacoYaml(compatible, withSchema(found)))
  return yaml
}

const AFTER_MS = 400

/** Keeps the schemas of installed CRDs beside Kubernetes' own, as they come and go. */
export function followCustom(transport: Transport): Stop {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  let stop: Stop = () => {}
  const renew = async (): Promise<void> => {
    const [configured, base] = await Promise.all([setUpYaml(), baseSchema()])
    if (!base || stopped) return
    const schema = await withCustom(transport, base).catch(() => base)
    if (!stopped) await configured.update(withSchema(schema))
  }
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void renew(), AFTER_MS)
  }
  const watch = (): void => {
    if (stopped) return
    const onEnd = (): void => {
      if (!stopped) setTimeout(watch, 2000)
    }
    stop = transport.watch({ method: 'GET', path: `${CRDS}?watch=1` }, { onEvents: soon, onEnd })
  }
  watch()
  return () => {
    stopped = true
    clearTimeout(timer)
    stop()
  }
}

monaco.editor.defineTheme('tabernetes-light', {
  base: 'vs',
  inherit: true,
  rules: [
    { token: 'type.yaml', foreground: '0b4fa8' },
    { token: 'string.yaml', foreground: '0f6b3a' },
    { token: 'number.yaml', foreground: '9a3d00' },
    { token: 'comment.yaml', foreground: '68728a' },
  ],
  colors: {
    'editor.background': '#ffffff',
    'editorLineNumber.foreground': '#8b95aa',
    'editor.lineHighlightBackground': '#f4f6fb',
  },
})
monaco.editor.defineTheme('tabernetes-dark', {
  base: 'vs-dark',
  inherit: true,
  rules: [
    { token: 'type.yaml', foreground: '8fbaff' },
    { token: 'string.yaml', foreground: '8ed6a8' },
    { token: 'number.yaml', foreground: 'ffb885' },
    { token: 'comment.yaml', foreground: '8d9ab5' },
  ],
  colors: {
    'editor.background': '#131c30',
    'editorLineNumber.foreground': '#66738f',
    'editor.lineHighlightBackground': '#19243c',
    'editorGutter.background': '#131c30',
  },
})

export { monaco }
