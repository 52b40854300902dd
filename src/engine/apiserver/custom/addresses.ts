/** Addresses and prefixes as schemas' formats know them: Go's sloppy readers, which take leading zeros. */

const V4 = /^\d{1,}(\.\d{1,}){3}$/

export const isIpv4 = (text: string): boolean => V4.test(text) && text.split('.').every((part) => Number(part) <= 255)

export function isIpv6(text: string): boolean {
  const zone = text.indexOf('%')
  return text.includes(':') && zone < 0 && groupsOf(text)
}

/** Eight groups of four hexadecimal digits, with one run of zeros left out and the last two perhaps written as IPv4. */
function groupsOf(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2) return false
  let count = 0
  for (const [i, half] of halves.entries()) {
    if (half === '') continue
    const groups = half.split(':')
    for (const [j, group] of groups.entries()) {
      const last = i === halves.length - 1 && j === groups.length - 1
      if (/^[0-9a-fA-F]{1,4}$/.test(group)) count += 1
      else if (last && isIpv4(group)) count += 2
      else return false
    }
  }
  return halves.length === 2 ? count < 8 : count === 8
}

export function isPrefix(text: string): boolean {
  const [address = '', bits = '', more] = text.split('/')
  if (more !== undefined || !/^\d{1,3}$/.test(bits)) return false
  return (isIpv4(address) && Number(bits) <= 32) || (isIpv6(address) && Number(bits) <= 128)
}
