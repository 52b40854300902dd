/** The editor proper: Monaco with YAML, Kubernetes' schemas, and the server's complaints as markers. */
import { useEffect, useRef } from 'react'
import { useDesk } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'
import { followCustom, monaco, setUpYaml } from './monaco.ts'
import type { Surface } from './surface.ts'

/** From here on the language server would only get in the way. */
const TOO_LONG_FOR_SCHEMAS = 400_000
const OWNER = 'cluster'

export default function Code({ text, name, problems, lit, onChange, onApply, onCursor, goTo }: Surface) {
  const { options, transport } = useDesk()
  const element = useRef<HTMLDivElement>(null)
  const editor = useRef<monaco.editor.IStandaloneCodeEditor | null>(null)
  const latest = useRef({ onChange, onApply, onCursor })
  latest.current = { onChange, onApply, onCursor }
  const first = useRef(text)
  /** Texts that were typed here and that have not come back as the panel's yet. */
  const emitted = useRef<string[]>([])
  useMonacoTheme()

  useEffect(() => {
    if (!element.current) return
    const uri = monaco.Uri.parse(`file:///manifest-${Math.random().toString(36).slice(2)}.yaml`)
    const model = monaco.editor.createModel(first.current, languageFor(first.current), uri)
    const made = monaco.editor.create(element.current, settings(model, options.present))
    editor.current = made
    made.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => latest.current.onApply())
    const heard = [
      model.onDidChangeContent(() => {
        monaco.editor.setModelMarkers(model, OWNER, [])
        emitted.current.push(model.getValue())
        latest.current.onChange(model.getValue())
      }),
      // Only where somebody put it: typing and results move it too.
      made.onDidChangeCursorPosition(({ position, reason, source }) => {
        if (reason === monaco.editor.CursorChangeReason.Explicit && source !== 'api')
          latest.current.onCursor?.(position.lineNumber)
      }),
    ]
    void setUpYaml()
    return () => {
      for (const each of heard) each.dispose()
      made.dispose()
      model.dispose()
      editor.current = null
    }
  }, [options.present])

  useEffect(() => followCustom(transport), [transport])

  const file = useRef(name)
  useEffect(() => {
    const model = editor.current?.getModel()
    const another = file.current !== name
    file.current = name
    if (!model) return
    if (model.getValue() === text) {
      emitted.current = []
      return
    }
    // On a busy page what was typed a moment ago comes back late: it is no change of somebody else's.
    if (!another && emitted.current.includes(text)) return
    // A fix or an example can be undone; another file is not a change of this one.
    if (another) model.setValue(text)
    else model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null)
    monaco.editor.setModelLanguage(model, languageFor(text))
  }, [text, name])
  useLitLines(editor, lit)

  useMarkers(editor, problems)

  useEffect(() => {
    if (!goTo || !editor.current) return
    editor.current.revealLineInCenter(goTo.line)
    editor.current.setPosition({ lineNumber: goTo.line, column: goTo.column })
    editor.current.focus()
  }, [goTo])
  // React Flow swallows Space and Backspace of anything that is not marked so.
  return <div ref={element} className="nokey code" data-testid="editor" />
}

/** The server's complaints at their places. */
function useMarkers(editor: { current: monaco.editor.IStandaloneCodeEditor | null }, problems: Surface['problems']): void {
  useEffect(() => {
    const model = editor.current?.getModel()
    if (!model) return
    const markers = problems.map(({ line, column, endColumn, message }) => {
      const startLineNumber = Math.min(line, model.getLineCount())
      const end = endColumn && endColumn > column ? endColumn : model.getLineMaxColumn(startLineNumber)
      return {
        startLineNumber,
        startColumn: column,
        endLineNumber: startLineNumber,
        endColumn: end,
        message,
        severity: monaco.MarkerSeverity.Error,
        source: 'cluster',
      }
    })
    monaco.editor.setModelMarkers(model, OWNER, markers)
  }, [editor, problems])
}

/** Marks the lines of what is chosen, and brings them into view. */
function useLitLines(editor: { current: monaco.editor.IStandaloneCodeEditor | null }, lit: Surface['lit']): void {
  const [from, to] = [lit?.from, lit?.to]
  useEffect(() => {
    const shown = editor.current
    if (!shown || from === undefined || to === undefined) return
    const marks = shown.createDecorationsCollection([
      {
        range: new monaco.Range(from, 1, to, 1),
        options: { isWholeLine: true, className: 'lit-line', linesDecorationsClassName: 'lit-edge' },
      },
    ])
    if (!shown.hasTextFocus()) shown.revealLineInCenterIfOutsideViewport(from)
    return () => marks.clear()
  }, [editor, from, to])
}

const languageFor = (text: string): string => (text.length > TOO_LONG_FOR_SCHEMAS ? 'plaintext' : 'yaml')

function useMonacoTheme(): void {
  useEffect(() => {
    const root = document.documentElement
    const follow = (): void => monaco.editor.setTheme(root.dataset['theme'] === 'dark' ? 'tabernetes-dark' : 'tabernetes-light')
    follow()
    const watch = new MutationObserver(follow)
    watch.observe(root, { attributes: true, attributeFilter: ['data-theme'] })
    return () => watch.disconnect()
  }, [])
}

const settings = (model: monaco.editor.ITextModel, large: boolean): monaco.editor.IStandaloneEditorConstructionOptions => ({
  model,
  automaticLayout: true,
  ariaLabel: t('Manifest. Ctrl+Enter applies it; Ctrl+M lets the Tab key leave.'),
  minimap: { enabled: false },
  fixedOverflowWidgets: true,
  tabSize: 2,
  fontSize: large ? 24 : 13.5,
  lineHeight: large ? 34 : 20,
  fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
  lineNumbersMinChars: 3,
  padding: { top: 10, bottom: 10 },
  scrollBeyondLastLine: false,
  renderLineHighlight: 'line',
  overviewRulerLanes: 1,
  stickyScroll: { enabled: false },
  quickSuggestions: { other: true, comments: false, strings: true },
  accessibilitySupport: 'auto',
})
