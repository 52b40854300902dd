/** A lesson's words in another language: `lesson.de.md` beside `lesson.md`, with the same ids; loaded when the language is spoken. */
import { type Item, type Prose, partsOf, type StepProse, symptomsIn } from './prose.ts'

/** A translation of a lesson: its front matter, and its whole text when that is asked for. */
export interface Translation {
  front: string
  words(): Promise<string>
}

/** The translation of the lesson in this folder, where there is one. */
export type Spoken = (folder: string) => Translation | undefined

/** What a file of `translations` has, by the path of each `lesson.….md`. */
interface Language {
  fronts: Readonly<Record<string, string>>
  words: Readonly<Record<string, () => Promise<string>>>
}

/** To add a language: a file like `translations/de.ts`, and a line here. */
const LANGUAGES: Readonly<Record<string, () => Promise<Language>>> = {
  de: () => import('./translations/de.ts'),
}

/** What is said in a language; nothing for the one that lessons are written in. */
export async function spokenIn(language: string): Promise<Spoken> {
  const { fronts = {}, words = {} } = (await LANGUAGES[language]?.()) ?? {}
  const found = new Map<string, Translation>()
  for (const [file, front] of Object.entries(fronts)) {
    const text = words[file]
    if (text) found.set(folderOf(file), { front, words: text })
  }
  return (folder) => found.get(folder)
}

export const folderOf = (file: string): string => file.split('/').at(-2) ?? file

/** The words of a translation with the facts of the original. */
export function translated({ meta }: Prose, text: string): Prose {
  const { front, ...words } = partsOf(text)
  return { meta: { ...meta, title: front.get('title') ?? meta.title, about: front.get('about') ?? meta.about }, ...words }
}

/** Where a translation does not say what the original says; empty when it fits. */
export function mistranslations(original: Prose, other: Prose): string[] {
  const wrong: string[] = []
  const differ = (where: string, ours: readonly string[], theirs: readonly string[]): void => {
    for (const each of ours) if (!theirs.includes(each)) wrong.push(`${where}: lacks ${each}`)
    for (const each of theirs) if (!ours.includes(each)) wrong.push(`${where}: has ${each}, which the original has not`)
    if (wrong.length === 0 && ours.length !== theirs.length) wrong.push(`${where}: ${ours.length} became ${theirs.length}`)
  }
  if (other.meta.title === '' || other.meta.about === '') wrong.push('no title, or not what it is about')
  differ('board', idsOf(original.board ?? []), idsOf(other.board ?? []))
  differ('steps', idsOf(original.steps), idsOf(other.steps))
  for (const step of original.steps) {
    const same = other.steps.find(({ id }) => id === step.id)
    if (!same) continue
    for (const part of ['tasks', 'questions', 'hints', 'chain'] as const)
      differ(`${step.id}: ${part}`, idsOf(step[part]), idsOf(same[part]))
    for (const { id, choices } of step.questions)
      differ(`${step.id}: choices of ${id}`, idsOf(choices), idsOf(same.questions.find((each) => each.id === id)?.choices ?? []))
    if ((step.reveal === '') !== (same.reveal === '')) wrong.push(`${step.id}: closing words`)
    const [ours, theirs] = [textsOf(step), textsOf(same)]
    for (const [i, text] of ours.entries()) {
      const where = `${step.id}: “${text.slice(0, 30).replaceAll('\n', ' ')}…”`
      differ(where, keptIn(text), keptIn(theirs[i] ?? ''))
      if (theirs[i] === text && /[a-z]{3,} [a-z]{3,}/.test(proseIn(text))) wrong.push(`${where}: is not translated`)
    }
  }
  return wrong
}

const idsOf = (items: readonly Item[]): string[] => items.map(({ id }) => id || 'one without id')

/** All texts of a step, in an order that does not depend on the language. */
const textsOf = ({ text, questions, tasks, hints, chain, reveal }: StepProse): string[] => [
  text,
  reveal,
  ...[...questions, ...questions.flatMap(({ choices }) => choices), ...tasks, ...hints, ...chain].map((item) => item.text),
]

/** What stays as it is in every language: commands, code, symptoms, values filled in. */
const keptIn = (text: string): string[] => [
  ...[...text.matchAll(/^ {4}.*$/gm)].map(([line]) => line.trim()),
  ...[...outsideOf(text).matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replace(/\s+/g, ' ')),
  ...symptomsIn(text).map((symptom) => `event:${symptom}`),
  ...[...text.matchAll(/\{(?:name|because|machine)\}/g)].map(([value]) => value),
]

const outsideOf = (text: string): string => text.replace(/^ {4}.*$/gm, '')
const proseIn = (text: string): string => outsideOf(text).replace(/`[^`]*`|\[[^\]]*\]\([^)]*\)/g, '')
