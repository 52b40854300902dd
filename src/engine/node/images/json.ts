/** JSON that somebody else has written: an object with fields of any kind, or nothing that helps. */

export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object; undefined: the text is none, or one whose parts lie too deep within each other. */
export function fieldsOf(text: string): Fields | undefined {
  if (isDeep(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : undefined
  } catch {
    // Whoever listens meets what is no JSON.
    return undefined
  }
}

/** As far as whatever goes down into a value is sure to come back. */
const DEEPEST = 500

function isDeep(text: string): boolean {
  let depth = 0
  for (const [piece] of text.matchAll(/[[{}\]]|"(?:[^"\\]|\\[^])*"/g)) {
    if (piece === '[' || piece === '{') depth++
    else if (piece === ']' || piece === '}') depth--
    if (depth > DEEPEST) return true
  }
  return false
}

/** What Go's decoder of API objects says where an object that it knows does not come. */
export function undecodable(body: string): string {
  const found = fieldsOf(body)
  if (!found)
    return `couldn't get version/kind; json parse error: ${body.trim() === '' ? 'unexpected end of JSON input' : 'invalid character in it'}`
  const { kind, apiVersion } = found
  if (typeof kind !== 'string' || kind === '') return `Object 'Kind' is missing in '${body}'`
  if (typeof apiVersion !== 'string' || apiVersion === '') return `Object 'apiVersion' is missing in '${body}'`
  return `no kind "${kind}" is registered for version "${apiVersion}"`
}
