import { expect, it } from 'vitest'
import { MAIN, nameProblem, readFiles, removeFile, takeFrom, writeFile } from './files.ts'

function storage() {
  const kept = new Map<string, string>()
  return {
    get: (key: string) => kept.get(key) ?? null,
    set: (key: string, value: string) => void kept.set(key, value),
    remove: (key: string) => void kept.delete(key),
  } as unknown as Parameters<typeof readFiles>[0]
}

it('keeps files in folders, beside the draft', () => {
  const kept = storage()
  writeFile(kept, 'overlays/prod/kustomization.yaml', 'replicas: []\n')
  expect(readFiles(kept)).toEqual({ [MAIN]: '', 'overlays/prod/kustomization.yaml': 'replicas: []\n' })
  removeFile(kept, 'overlays/prod/kustomization.yaml')
  expect(readFiles(kept)).toEqual({ [MAIN]: '' })
})

it('takes no hidden folders from the shell, and nothing from above', () => {
  const kept = storage()
  expect(takeFrom(kept, [{ name: '.kube/cache/servers.json', text: '{}' }])).toBe(false)
  expect(takeFrom(kept, [{ name: '../etc/passwd.yaml', text: '' }])).toBe(false)
  expect(takeFrom(kept, [{ name: 'base/service.yaml', text: 'kind: Service\n' }])).toBe(true)
})

it('lets a new file be named with its folder', () => {
  expect(nameProblem('overlays/dev/kustomization.yaml', {})).toBeNull()
  expect(nameProblem('/etc/hosts.yaml', {})).not.toBeNull()
  expect(nameProblem('base/kustomization.yaml', { 'base/kustomization.yaml': '' })).not.toBeNull()
})
