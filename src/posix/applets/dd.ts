/** `dd`: copies so and so many bytes, and reports. */
import { byteLength } from '#api/bytes.ts'
import { program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { bytePrefix, sizeOf } from './text.ts'

interface Copy {
  in: number
  out: number
  block: number
  left: number
  skip: number
  records: number
  part: number
  bytes: number
  began: number
  quiet: boolean
}

function beginDd(sys: Sys): Copy | number {
  const options: Record<string, string> = {}
  for (const word of sys.args) {
    const m = /^(if|of|bs|ibs|obs|count|skip|seek|conv|status|iflag|oflag)=(.*)$/.exec(word)
    if (!m) return sys.misuse(`invalid argument '${word}'`.replace(/^/, ''))
    options[m[1] as string] = m[2] as string
  }
  const block = sizeOf(options['bs'] ?? options['ibs'] ?? '512')
  const count = options['count'] === undefined ? Number.POSITIVE_INFINITY : sizeOf(options['count'])
  if (Number.isNaN(block) || Number.isNaN(count))
    return sys.fail(`invalid number '${Number.isNaN(block) ? (options['bs'] ?? options['ibs']) : options['count']}'`)
  let input = 0
  let output = 1
  if (options['if'] !== undefined) {
    const fd = sys.open(options['if'])
    if (failed(fd)) return sys.fail(sys.gnu ? `failed to open '${options['if']}': ${fd}` : `can't open '${options['if']}': ${fd}`)
    input = fd
  }
  if (options['of'] !== undefined) {
    const keep = options['conv']?.includes('notrunc') === true || options['seek'] !== undefined
    const fd = sys.open(options['of'], { write: true, create: true, truncate: !keep })
    if (failed(fd)) return sys.fail(sys.gnu ? `failed to open '${options['of']}': ${fd}` : `can't open '${options['of']}': ${fd}`)
    output = fd
    const file = sys.file(fd)
    if (file && options['seek'] !== undefined) file.at = sizeOf(options['seek']) * block
  }
  const left = Number.isFinite(count) ? count * block : -1
  return {
    in: input,
    out: output,
    block,
    left,
    skip: sizeOf(options['skip'] ?? '0') * block,
    records: 0,
    part: 0,
    bytes: 0,
    began: sys.now,
    quiet: options['status'] === 'none',
  }
}

export const dd = program({
  name: 'dd',
  usage:
    '[if=FILE] [of=FILE] [ibs=N obs=N/bs=N] [count=N] [skip=N] [seek=N]\n\t[conv=notrunc|noerror|sync|fsync] [iflag=skip_bytes|count_bytes|fullblock|direct] [oflag=seek_bytes|append|direct]\n\nCopy a file with converting and formatting',
  run(sys, data) {
    if (!data.c) {
      const c = beginDd(sys)
      if (typeof c === 'number') return c
      data.c = c
    }
    const c = data.c as Copy
    for (;;) {
      if (c.left === 0) return report(sys, c)
      const piece = sys.read(c.in, Math.min(c.left < 0 ? 1_048_576 : c.left, Math.max(c.block, 65_536), 1_048_576))
      if (piece === undefined) return undefined
      if (piece === null) return report(sys, c)
      if (c.skip > 0) {
        const kept = piece.slice(c.skip)
        c.skip -= Math.min(c.skip, piece.length)
        if (kept === '') continue
      }
      const text = c.left < 0 ? piece : bytePrefix(piece, c.left)
      const size = byteLength(text)
      if (c.left > 0) c.left -= size
      c.bytes += size
      const why = sys.write(c.out, text)
      if (why) {
        sys.err(sys.gnu ? `dd: error writing: ${why}\n` : `dd: error writing: ${why}\n`)
        report(sys, c)
        return 1
      }
    }
  },
})

function report(sys: Sys, c: Copy): number {
  if (c.quiet) return 0
  const full = Math.floor(c.bytes / c.block)
  const part = c.bytes % c.block > 0 ? 1 : 0
  const scaled = (n: number): string =>
    (n >= 1048576 ? `${(n / 1048576).toFixed(1)}MB` : n >= 1024 ? `${(n / 1024).toFixed(1)}KB` : `${n} bytes`).replace(
      /(\d)([KM]B)/,
      '$1$2',
    )
  const s = Math.max(0.000_1, c.bytes / 1.2e9)
  sys.err(
    `${full}+${part} records in\n${full}+${part} records out\n${c.bytes} bytes (${scaled(c.bytes)}) copied, ${s.toFixed(6)} seconds, ${scaled(c.bytes / s)}/s\n`,
  )
  return 0
}
