import { expect, it } from 'vitest'
import type { Step } from '#lessons/lesson.ts'
import { createStorage } from '../../state/storage.ts'
import { readFiles, writeFile } from '../editor/files.ts'
import { missingFiles } from './hand-out.ts'

const step = (id: string, solution: Step['solution']): Step => ({ id, goals: {}, solution, wrong: [] })
const lesson = {
  files: { 'manifest.yaml': 'theirs', 'shop.crt': 'PEM', 'other.yaml': 'unused' },
  steps: [
    step('make', ['kubectl apply -f manifest.yaml', 'kubectl create secret tls shop --cert=shop.crt']),
    step('change', [{ write: 'manifest.yaml', text: 'changed' }, 'kubectl apply -f manifest.yaml']),
    step('again', ['kubectl replace -f manifest.yaml']),
  ],
}

it('puts the files that the way names, and keeps what was there', () => {
  expect(missingFiles(lesson, 0, { 'manifest.yaml': '' })).toEqual([
    ['manifest.yaml', 'theirs'],
    ['shop.crt', 'PEM'],
  ])
  expect(missingFiles(lesson, 0, { 'manifest.yaml': 'mine', 'shop.crt': 'PEM' })).toEqual([
    ['my-manifest.yaml', 'mine'],
    ['manifest.yaml', 'theirs'],
  ])
})

it('leaves to the way what it writes itself, then or before', () => {
  expect(missingFiles(lesson, 1, { 'manifest.yaml': 'mine' })).toEqual([])
  expect(missingFiles(lesson, 2, { 'manifest.yaml': 'changed' })).toEqual([])
})

it('puts files in folders together, where the way names one of the folders', () => {
  const parts = {
    files: { 'base/web.yaml': 'web', 'overlays/dev/kustomization.yaml': 'dev' },
    steps: [step('look', ['kubectl get pods']), step('apply', ['kubectl apply -k overlays/dev'])],
  }
  expect(missingFiles(parts, 0, {})).toEqual([])
  expect(missingFiles(parts, 1, { 'base/web.yaml': 'mine' })).toEqual([
    ['base/my-web.yaml', 'mine'],
    ['base/web.yaml', 'web'],
    ['overlays/dev/kustomization.yaml', 'dev'],
  ])
})

it('keeps certificates and keys among the files, for the terminal reads them there', () => {
  const storage = createStorage()
  writeFile(storage, 'shop.crt', 'PEM')
  expect(readFiles(storage)['shop.crt']).toBe('PEM')
  storage.set('files', '{}')
})
