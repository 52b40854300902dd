/** The editor proper: Monaco with YAML, Kubernetes' schemas, and the server's complaints as markers. */
import { useEffect, useRef } from 'react'
import { useDesk } from '../../state/hooks.ts'
import { monaco, setUpYaml } from './monaco.ts'
import type { Surface } from './surface.ts'

/** From here on the language server would only get in the way. */
const TOO_LONG_FOR_SCHEMAS = 400_000
const OWNER = 'cluster'

export default function Code({ text, problems, onChange, onApply, onCursor, goTo }: Surface) {
  const { options } = useDesk()
  const element = useRef<HTMLDivElement>(null)
  const editor = useRef<monaco.editor.IStandaloneCodeEditor | null>(null)
  const latest = useRef({ onChange, onApply, onCursor })
  latest.current = { onChange, onApply, onCursor }
  const first = useRef(text)
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
        latest.current.onChange(model.getValue())
      }),
      made.onDidChangeCursorPosition(({ position }) => latest.current.onCursor?.(position.lineNumber)),
    ]
    void setUpYaml()
    return () => {
      for (const each of heard) each.dispose()
      made.dispose()
      model.dispose()
      editor.current = null
    }
  }, [options.present])

  useEffect(() => {
    const model = editor.current?.getModel()
    if (!model || model.getValue() === text) return
    model.setValue(text)
    monaco.editor.setModelLanguage(model, languageFor(text))
  }, [text])

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
  }, [problems])

  useEffect(() => {
    if (!goTo || !editor.current) return
    editor.current.revealLineInCenter(goTo.line)
    editor.current.setPosition({ lineNumber: goTo.line, column: goTo.column })
    editor.current.focus()
  }, [goTo])
  // React Flow swallows Space and Backspace of anything that is not marked so.
  return <div ref={element} className="nokey code" data-testid="editor" />
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
  ariaLabel: 'Manifest. Ctrl+Enter applies it; Ctrl+M lets the Tab key leave.',
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
