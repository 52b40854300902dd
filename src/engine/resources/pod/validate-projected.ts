/** Validation of files that volumes make from ConfigMaps, Secrets, tokens and the downward API. */
import { forbiddenField, invalid, required } from '#api/field-error.ts'
import { type Found, localPath } from './checks.ts'
import { fieldSelector, resourceSelector, VOLUME_FIELDS } from './validate-downward.ts'

export const MODE = 'must be a number between 0 and 0777 (octal), both inclusive'

type Source = Record<string, any>

export function mode(found: Found, path: string, value: number | undefined): void {
  if (value !== undefined && (value < 0 || value > 0o777)) found.push(invalid(path, value, MODE))
}

export function keyToPath(found: Found, path: string, item: Source): void {
  if (!item['key']) found.push(required(`${path}.key`))
  if (!item['path']) found.push(required(`${path}.path`))
  localPath(found, `${path}.path`, item['path'] ?? '')
  mode(found, `${path}.mode`, item['mode'])
}

/** Errors of these files name the volume, not the item, as Kubernetes has it. */
export function downwardFile(found: Found, path: string, file: Source): void {
  if (!file['path']) found.push(required(`${path}.path`))
  localPath(found, `${path}.path`, file['path'] ?? '')
  if (file['fieldRef']) {
    fieldSelector(found, `${path}.fieldRef`, file['fieldRef'], VOLUME_FIELDS)
    if (file['resourceFieldRef']) {
      found.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'))
    }
  } else if (file['resourceFieldRef']) resourceSelector(found, `${path}.resourceFieldRef`, file['resourceFieldRef'], true)
  else found.push(required(path, 'one of fieldRef and resourceFieldRef is required'))
  mode(found, `${path}.mode`, file['mode'])
}

/** Notes a path; two files at one path are a conflict. */
type Place = (path: string, shown: string) => void

function keyed(found: Found, path: string, source: Source, place: Place): void {
  if (!source['name']) found.push(required(`${path}.name`))
  for (const [i, item] of (source['items'] ?? []).entries()) {
    keyToPath(found, `${path}.items[${i}]`, item)
    if (item.path) place(item.path, source['name'] ?? '')
  }
}

function token(found: Found, path: string, volume: string, source: Source): void {
  const seconds = source['expirationSeconds'] ?? 0
  if (seconds < 600) found.push(invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes'))
  if (seconds > 2 ** 32)
    found.push(invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds'))
  if (!source['path']) found.push(required(`${volume}.path`))
  else localPath(found, `${volume}.path`, source['path'])
}

export function projected(found: Found, path: string, volume: Source): void {
  mode(found, `${path}.defaultMode`, volume['defaultMode'])
  const paths = new Set<string>()
  const place: Place = (at, shown) => {
    if (paths.has(at)) found.push(invalid(path, shown, 'conflicting duplicate paths'))
    paths.add(at)
  }
  for (const [i, source] of (volume['sources'] ?? []).entries()) {
    const at = `${path}.sources[${i}]`
    if (source.secret) keyed(found, `${at}.secret`, source.secret, place)
    if (source.configMap) keyed(found, `${at}.configMap`, source.configMap, place)
    for (const file of source.downwardAPI?.items ?? []) {
      downwardFile(found, `${at}.downwardAPI`, file)
      if (file.path) place(file.path, file.path)
    }
    if (source.serviceAccountToken) token(found, `${at}.serviceAccountToken`, path, source.serviceAccountToken)
    if (Object.keys(source).length > 1) found.push(forbiddenField(at, 'may not specify more than 1 volume type per source'))
  }
}
