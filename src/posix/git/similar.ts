/** How much of one text is in another: what makes a file that is gone and a new one a renamed one. */
import { byteLength } from '#api/bytes.ts'

/** Pieces that git compares: lines, long ones cut. */
const PIECE = 64

function pieces(text: string): Map<string, number> {
  const all = new Map<string, number>()
  let piece = ''
  const end = (): void => {
    if (piece !== '') all.set(piece, (all.get(piece) ?? 0) + byteLength(piece))
    piece = ''
  }
  for (const c of text) {
    piece += c
    if (c === '\n' || piece.length >= PIECE) end()
  }
  end()
  return all
}

/** In percent, rounded down. */
export function similarity(old: string, now: string): number {
  const [a, b] = [byteLength(old), byteLength(now)]
  const most = Math.max(a, b)
  if (most === 0 || a === 0 || b === 0) return 0
  const has = pieces(now)
  let kept = 0
  for (const [piece, bytes] of pieces(old)) kept += Math.min(bytes, has.get(piece) ?? 0)
  // git counts in sixtieth thousandths before it rounds.
  return Math.floor((Math.floor((kept * 60_000) / most) * 100) / 60_000)
}
