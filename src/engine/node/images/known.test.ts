/** Which image a name stands for. */
import { describe, expect, it } from 'vitest'
import '../../rest.ts'
import { type ImageName, parseImageName } from '../image-name.ts'
import { imageFor } from './known.ts'

const called = (name: string): string => imageFor(parseImageName(name) as ImageName).name

describe('an image name', () => {
  it('stands for the well-known image of its last part, wherever that is kept', () => {
    expect(['nginx', 'someone/nginx:1.27', 'registry.example/mirror/nginx'].map(called)).toEqual(['nginx', 'nginx', 'nginx'])
  })

  it('stands for http-echo on Docker Hub only where hashicorp keeps it', () => {
    expect(['hashicorp/http-echo:1.0', 'registry.example/http-echo'].map(called)).toEqual(['http-echo', 'http-echo'])
    expect(['wardviaene/http-echo', 'http-echo'].map(called)).toEqual(['', ''])
  })
})
