/** Entry of the manifest worker: reads YAML off the page's thread, so that no manifest can freeze it. */
import { locate, readDocuments } from './manifest.ts'

export type Question = { id: number; text: string } & (
  | { ask: 'read' }
  | { ask: 'locate'; fields: { index: number; path: string }[] }
)

self.onmessage = ({ data }: MessageEvent<Question>) => {
  const answer = data.ask === 'read' ? readDocuments(data.text) : data.fields.map((f) => locate(data.text, f.index, f.path))
  self.postMessage({ id: data.id, answer })
}
