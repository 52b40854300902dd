import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { mutantLife } from './mutant-life.ts'
import { storyManifests } from './mutants.ts'

const manifests = storyManifests(fileURLToPath(new URL('.', import.meta.url)))

it('there are plenty of manifests in the stories', () => expect(manifests.length).toBeGreaterThan(300))

it.each(['1', '2', '3'])('manifests that are mistyped break nothing (seed %s)', (seed) => {
  expect(mutantLife({ seed, manifests, objects: 25, minutes: 60 })).toBeNull()
})
