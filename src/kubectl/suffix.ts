/** Letters that make a name its own, as apimachinery's rand chooses them: without vowels and what looks alike. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789'

/** Of a moment in ms, which may have parts of one. */
export function suffix(seed: number): string {
  let name = ''
  for (let i = 0, left = Math.floor(seed); i < 5; i++, left = Math.floor(left / SAFE.length)) name += SAFE[left % SAFE.length]
  return name
}
