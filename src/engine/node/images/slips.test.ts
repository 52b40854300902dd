import { expect, it } from 'vitest'
import '../../rest.ts'
import { type ImageName, parseImageName } from '../image-name.ts'
import { pullPlan } from '../pull.ts'

const error = (name: string): string => pullPlan(parseImageName(name) as ImageName).error

it('a name one slip away from an official image is not on Docker Hub', () => {
  for (const name of ['ngnix', 'nginxx', 'ngin:1.27', 'redsi:6', 'busybux', 'htpd', 'docker.io/library/mysq'])
    expect(error(name), name).toContain('pull access denied, repository does not exist or may require authorization')
})

it('right names, names of others and other registries are pulled', () => {
  for (const name of ['nginx', 'redis:7', 'mono', 'mongo', 'someone/ngnix', 'registry.example/ngnix', 'webapp', 'my-nginx'])
    expect(error(name), name).toBe('')
})
