/** What an image's file system begins with: the same tree for all its containers, and for those who mount it. */
import { type Base, Disk, type DiskState } from '#posix/disk.ts'
import { appletNames, otherNames } from '#posix/names.ts'
import { makeBase } from '#posix/skeleton.ts'
import type { Image } from './image.ts'
import { parseImageName } from './image-name.ts'
import { imageFor } from './images/known.ts'
import { serverWords } from './programs/command-line.ts'

const bases = new Map<Image, Base>()
/** What the shell VM brings itself: no image's servers. */
const PROGRAMS = new Set([...appletNames, ...otherNames])

/** Where an image keeps a program of its own. */
function programPath(word: string): string {
  if (word.startsWith('/')) return word
  return word.startsWith('./') ? word.slice(1) : `/usr/local/bin/${word}`
}

/** The image's tree, made once. */
export function baseOf(image: Image): Base {
  let base = bases.get(image)
  if (base) return base
  const shell = image.shell !== false
  const programs: Record<string, string> = {}
  for (const name of Object.keys({ ...image.commands, ...image.errands })) programs[programPath(name)] = `command:${name}`
  for (const word of serverWords(image)) {
    const name = word.slice(word.lastIndexOf('/') + 1)
    if ((shell && PROGRAMS.has(name)) || (!image.start && Object.hasOwn(image.commands ?? {}, name))) continue
    // An entrypoint that is a script of the image's own, and no server behind it.
    if (!image.start && !image.listens && (image.files?.[programPath(word)] ?? '').startsWith('#!')) continue
    programs[programPath(word)] = 'server'
  }
  for (const name of image.extras ?? []) programs[name === 'bash' ? '/bin/bash' : `/usr/bin/${name}`] = name
  const files = Object.fromEntries(Object.entries(image.files ?? {}).filter(([path]) => programs[path] === undefined))
  Object.assign(programs, image.programs)
  base = makeBase({
    applets: shell ? appletNames : [],
    ...(shell ? { busybox: '/bin/busybox' } : {}),
    flat: image.flat ?? false,
    files,
    programs,
    links: image.links ?? {},
    owned: image.directories ?? {},
    setuid: image.setuid ?? [],
    users: shell,
  })
  bases.set(image, base)
  return base
}

/** A volume's disk: most are empty at first, that of an image (its `base` is the reference) lies over its tree. */
export function volumeDisk(state: DiskState): Disk {
  const name = state.base === '' ? '' : parseImageName(state.base)
  return new Disk(state, typeof name === 'string' ? {} : baseOf(imageFor(name)))
}
