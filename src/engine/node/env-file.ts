/** Files of environment variables as `fileKeyRef` reads them: `NAME='value'`, in single quotes, over several lines if need be. */

/** The variable's value; empty when it isn't there; null when the file is not as it should be (util/env ParseEnv). */
export function envFileValue(text: string, key: string): string | null {
  const lines = text.replace(/\n$/, '').split('\n')
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] as string).replace(/^[ \t]+/, '')
    if (line === '' || line.startsWith('#')) continue
    const cut = line.indexOf('=')
    const name = line.slice(0, Math.max(0, cut))
    if (cut < 1 || /[ \t]$/.test(name)) return null
    let rest = line.slice(cut + 1)
    if (/^[ \t]/.test(rest)) {
      if (name === key) return ''
      continue
    }
    if (!rest.startsWith("'")) return null
    rest = rest.slice(1)
    let value = ''
    for (let end = rest.indexOf("'"); ; end = rest.indexOf("'")) {
      if (end >= 0) {
        value += rest.slice(0, end)
        const after = rest.slice(end + 1).replace(/^[ \t]+/, '')
        if (after !== '' && !after.startsWith('#')) return null
        break
      }
      i += 1
      if (i >= lines.length) return null
      value += `${rest}\n`
      rest = lines[i] as string
    }
    if (name === key) return value
  }
  return ''
}
