/** What the terminal can fetch from the web: nothing but the examples of Kubernetes' own pages, which are in the bundle. */

const HOSTS =
  /^https:\/\/(?:(?:k8s\.io|kubernetes\.io)\/examples|(?:raw\.githubusercontent\.com\/kubernetes\/website\/[\w.-]+\/content\/en\/examples))\/(.+)$/

/** The text behind a URL; throws why not, in words. */
export async function download(url: string): Promise<string> {
  const path = HOSTS.exec(url)?.[1]?.replace(/[?#].*$/, '')
  if (path === undefined)
    throw new Error(
      `unable to read URL "${url}", other servers cannot be reached from here: only https://k8s.io/examples/ is built in`,
    )
  const { example } = await import('./examples/index.ts')
  const text = example(path)
  if (text === undefined) throw new Error(`unable to read URL "${url}", server reported 404 Not Found, status code=404`)
  return text
}
