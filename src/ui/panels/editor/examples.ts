/** The manifests of the examples menu; each is loaded when it is picked. */
import type { Word } from '../../words/index.ts'
export interface Example {
  id: string
  title: Word
  load(): Promise<string>
}

const files = import.meta.glob<string>('./examples/*.yaml', { query: '?raw', import: 'default' })

const TITLES: Record<string, Word> = {
  web: 'A web app and its Service',
  guestbook: 'Guestbook (kubernetes.io)',
  pod: 'A single pod',
  'too-big': 'Too big to schedule',
  'broken-image': 'A wrong image name',
}

export const examples: Example[] = Object.entries(TITLES).map(([id, title]) => ({
  id,
  title,
  load: () => files[`./examples/${id}.yaml`]?.() ?? Promise.reject(new Error(`no example ${id}`)),
}))
