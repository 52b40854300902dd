/** Files that a kubeconfig names, or takes in. */

import { base64 } from '../../base64.ts'
import { type Context, KubectlError } from '../../command.ts'

/** A path as it is from everywhere. */
export function absolute({ io }: Context, path: string): string {
  if (path === '' || path.startsWith('/')) return path
  return `${io.env?.('PWD') ?? '/'}/${path.replace(/^\.\//, '')}`.replace(/\/+/g, '/')
}

/** A file's content in base64. */
export async function embedded({ io }: Context, flag: string, path: string): Promise<string> {
  try {
    return base64(await io.read(path))
  } catch {
    throw new KubectlError(`could not stat ${flag} file ${path}: stat ${path}: no such file or directory`)
  }
}
