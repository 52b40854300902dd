/** The right side of sed's `s`. */

/** `&`, `\1`, `\n`, and the cases of GNU's `\U…\E`. */
export function replacement(by: string, groups: (string | undefined)[], gnu: boolean): string {
  let out = ''
  let mode: '' | 'U' | 'L' = ''
  let once: '' | 'u' | 'l' = ''
  const add = (text: string): void => {
    let piece = mode === 'U' ? text.toUpperCase() : mode === 'L' ? text.toLowerCase() : text
    if (once && piece !== '') {
      piece = (once === 'u' ? piece[0]?.toUpperCase() : piece[0]?.toLowerCase()) + piece.slice(1)
      once = ''
    }
    out += piece
  }
  for (let i = 0; i < by.length; i++) {
    const c = by[i] as string
    if (c === '&') add(groups[0] ?? '')
    else if (c !== '\\') add(c)
    else {
      const next = by[++i] ?? ''
      if (/\d/.test(next)) add(groups[Number(next)] ?? '')
      else if (gnu && (next === 'U' || next === 'L')) mode = next
      else if (gnu && next === 'E') mode = ''
      else if (gnu && (next === 'u' || next === 'l')) once = next
      else add(next === 'n' ? '\n' : next === 't' ? '\t' : next === 'r' ? '\r' : next)
    }
  }
  return out
}
