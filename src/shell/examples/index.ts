/** The manifests that Kubernetes' pages name as `https://k8s.io/examples/…`. */

const texts: Readonly<Record<string, string>> = {}

export const example = (path: string): string | undefined => (Object.hasOwn(texts, path) ? texts[path] : undefined)
