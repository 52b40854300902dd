/** Reads `lesson.md`: front matter, and for each step its words, questions, tasks, hints, chain and closing words. */
import { assert } from '#api/assert.ts'

export interface Meta {
  id: string
  title: string
  chapter: number
  order: number
  /** Tags of the exam curricula: `Kt`, `Ad`. */
  exam: readonly string[]
  minutes: number
  seed: string
  nodes: number
  /** Machines of the control plane. */
  controlPlanes: number
  scene: string
  /** What the cluster has beside the control plane; none: what the scene has. */
  addons: readonly string[]
  /** Minutes: this is an exam. Its steps are tasks, in any order, without help; what is reached is told at the end. */
  limit?: number
  /** Commands it does without: `run` stands for `kubectl run`. */
  without: readonly string[]
  /** One sentence for the list of lessons. */
  about: string
}

/** A line with an id: `- [ ] Kill one of the pods. {#killed}`. */
export interface Item {
  id: string
  text: string
}

export interface Question extends Item {
  /** None: a free answer is typed in. */
  choices: readonly Item[]
}

export interface StepProse extends Item {
  title: string
  /** How many words there are to read before one can act. */
  words: number
  questions: readonly Question[]
  tasks: readonly Item[]
  /** The one without id is shown on demand, the others when they are raised. */
  hints: readonly Item[]
  chain: readonly Item[]
  /** Said when the step is done. */
  reveal: string
}

export interface Prose {
  meta: Meta
  steps: readonly StepProse[]
  /** What is counted through the whole lesson, above its steps. */
  board?: readonly Item[]
}

const HEADING = /^(#{2,3}) +(.*?)(?: *\{#([\w-]+)\})?$/
const ITEM = /^- +(?:\[ \] +)?(.*?) *\{#([\w-]+)\}$/

interface Section {
  level: number
  title: string
  id: string
  lines: string[]
}

export function readProse(text: string): Prose {
  const { front, ...words } = partsOf(text)
  return { meta: metaOf(front), ...words }
}

/** Front matter as it stands, the steps, and what is counted. */
export function partsOf(text: string): { front: ReadonlyMap<string, string> } & Pick<Prose, 'board'> & { steps: StepProse[] } {
  const [, front = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(text.replaceAll('\r\n', '\n')) ?? []
  assert(front, 'a lesson.md begins with front matter')
  const sections: Section[] = []
  for (const line of body.split('\n')) {
    const [, marks = '', title = '', id = ''] = HEADING.exec(line) ?? []
    if (marks) sections.push({ level: marks.length, title, id, lines: [] })
    else sections.at(-1)?.lines.push(line)
  }
  const steps: StepProse[] = []
  const board = sections.filter(({ title, level }) => level === 3 && title === 'Board').flatMap(({ lines }) => items(lines))
  for (const section of sections) {
    if (section.level === 3 && section.title === 'Board') continue
    if (section.level === 2) steps.push(stepOf(section))
    else steps.push(extended(steps.pop(), section))
  }
  return { front: fieldsOf(front), steps, ...(board.length > 0 ? { board } : {}) }
}

const fieldsOf = (front: string): ReadonlyMap<string, string> =>
  new Map(front.split('\n').map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]))

function stepOf({ title, id, lines }: Section): StepProse {
  const text = paragraphs(lines)
  const words = text.split(/\s+/).filter((word) => /\w/.test(word)).length
  return { id, title, text, words, questions: [], tasks: items(lines), hints: [], chain: [], reveal: '' }
}

function extended(step: StepProse | undefined, { title, id, lines }: Section): StepProse {
  assert(step, `"${title}" stands before the first step`)
  const text = paragraphs(lines)
  if (title === 'Question') return { ...step, questions: [...step.questions, { id, text, choices: items(lines) }] }
  if (title === 'Hint') return { ...step, hints: [...step.hints, { id, text }] }
  if (title === 'Chain') return { ...step, chain: items(lines) }
  assert(title === 'Then', `a lesson knows no section "${title}"`)
  return { ...step, reveal: text }
}

/** Blank lines around go; the indent of a first line stays, for it makes a command of it. */
const paragraphs = (lines: string[]): string =>
  lines
    .filter((line) => !ITEM.test(line))
    .join('\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd()

const items = (lines: string[]): Item[] =>
  lines.flatMap((line) => {
    const [, text, id] = ITEM.exec(line) ?? []
    return text !== undefined && id !== undefined ? [{ id, text }] : []
  })

function metaOf(fields: ReadonlyMap<string, string>): Meta {
  const text = (key: string): string => {
    const value = fields.get(key)
    assert(value, `lesson.md says no ${key}`)
    return value
  }
  const number = (key: string): number => {
    const value = Number(text(key))
    assert(Number.isFinite(value), `${key} of lesson.md is no number`)
    return value
  }
  const list = (key: string): string[] =>
    (fields.get(key) ?? '')
      .replace(/^\[|\]$/g, '')
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean)
  const named = { id: text('id'), title: text('title'), seed: text('seed'), scene: text('scene'), about: text('about') }
  return {
    ...named,
    exam: list('exam'),
    addons: list('addons'),
    without: list('without'),
    chapter: number('chapter'),
    order: number('order'),
    minutes: number('minutes'),
    nodes: number('nodes'),
    controlPlanes: fields.has('control-planes') ? number('control-planes') : 1,
    ...(fields.has('limit') ? { limit: number('limit') } : {}),
  }
}

/** The symptoms that prose names: links like `[Killing](event:Killing)`. */
export const symptomsIn = (text: string): string[] =>
  [...text.matchAll(/\]\(event:([^)]+)\)/g)].map((m) => decodeURIComponent(m[1] ?? ''))

export const lessonOrder = (a: { meta: Meta }, b: { meta: Meta }): number =>
  a.meta.chapter - b.meta.chapter || a.meta.order - b.meta.order
