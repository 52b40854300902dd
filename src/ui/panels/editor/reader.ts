/** The page's side of the manifest worker: one question at a time, given up after a while. */

import { t } from '../../words/index.ts'
import type { ManifestDocument, Problem } from './manifest.ts'
import type { Question } from './manifest.worker.ts'

export interface ManifestReader {
  read(text: string): Promise<ManifestDocument[]>
  locate(text: string, fields: { index: number; path: string }[]): Promise<Problem[]>
  dispose(): void
}

const PATIENCE_MS = 15_000

type Asked = Question extends infer Q ? (Q extends Question ? Omit<Q, 'id'> : never) : never

export function createReader(): ManifestReader {
  let worker: Worker | null = null
  let serial = 0
  const drop = (): void => {
    worker?.terminate()
    worker = null
  }
  const ask = <T>(question: Asked): Promise<T> =>
    new Promise((resolve, reject) => {
      worker ??= new Worker(new URL('./manifest.worker.ts', import.meta.url), { type: 'module', name: 'manifests' })
      const at = worker
      const id = (serial += 1)
      const fail = (message: string) => (): void => {
        done()
        drop()
        reject(new Error(message))
      }
      const timer = setTimeout(
        fail(t('this manifest took longer than {n} s to read and was given up', { n: PATIENCE_MS / 1000 })),
        PATIENCE_MS,
      )
      const onError = fail(t('the manifest could not be read'))
      const onMessage = ({ data }: MessageEvent<{ id: number; answer: T }>): void => {
        if (data.id !== id) return
        done()
        resolve(data.answer)
      }
      const done = (): void => {
        clearTimeout(timer)
        at.removeEventListener('message', onMessage)
        at.removeEventListener('error', onError)
      }
      at.addEventListener('message', onMessage)
      at.addEventListener('error', onError)
      at.postMessage({ ...question, id })
    })
  return {
    read: (text) => ask({ ask: 'read', text }),
    locate: (text, fields) => ask({ ask: 'locate', text, fields }),
    dispose: drop,
  }
}
