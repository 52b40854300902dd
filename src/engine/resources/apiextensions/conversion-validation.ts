/** What may be wrong with how a definition's versions are converted. */
import { type FieldError, forbiddenField, invalid, notSupported, required } from '#api/field-error.ts'
import { isDns1035Label, isDns1123Subdomain } from '#api/names.ts'
import type { Conversion, WebhookConversion } from './definition.ts'

type ClientConfig = NonNullable<WebhookConversion['clientConfig']>

export function conversionErrors(conversion: Conversion | undefined, path: string, checkBundle: boolean): FieldError[] {
  if (!conversion) return []
  const { strategy = '', webhook } = conversion
  const errors: FieldError[] = []
  if (strategy === '') errors.push(required(`${path}.strategy`))
  else if (strategy !== 'None' && strategy !== 'Webhook') {
    errors.push(notSupported(`${path}.strategy`, strategy, ['None', 'Webhook']))
  }
  const config = webhook?.clientConfig
  const versions = webhook?.conversionReviewVersions ?? []
  if (strategy === 'Webhook') {
    errors.push(...configErrors(config, `${path}.webhookClientConfig`, checkBundle))
    return [...errors, ...reviewErrors(versions, `${path}.conversionReviewVersions`)]
  }
  const why = 'should not be set when strategy is not set to Webhook'
  if (config) errors.push(forbiddenField(`${path}.webhookClientConfig`, why))
  if (versions.length > 0) errors.push(forbiddenField(`${path}.conversionReviewVersions`, why))
  return errors
}

function configErrors(config: ClientConfig | undefined, path: string, checkBundle: boolean): FieldError[] {
  if (!config) return [required(path, 'required when strategy is set to Webhook')]
  const { url, service, caBundle } = config
  const errors: FieldError[] = []
  if ((url === undefined) === (service === undefined)) errors.push(required(path, 'exactly one of url or service is required'))
  else if (url !== undefined) errors.push(...urlErrors(url, `${path}.url`))
  else if (service) errors.push(...serviceErrors(service, `${path}.service`))
  if (caBundle && checkBundle && !isBundle(caBundle)) {
    errors.push(invalid(`${path}.caBundle`, caBundle, 'unable to load root certificates: unable to parse bytes as PEM block'))
  }
  return errors
}

/** Whether base64 text may hold certificates in PEM. */
export const isBundle = (base64: string): boolean => base64 === '' || base64.startsWith('LS0tLS1CRUdJTi')

const FORM = '; desired format: https://host[/path]'

function urlErrors(text: string, path: string): FieldError[] {
  const [, scheme = '', authority = '', , query = '', fragment = ''] =
    /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(text) ?? []
  const errors: FieldError[] = []
  const [user, host] = authority.includes('@') ? authority.split('@') : [undefined, authority]
  if (scheme !== 'https') errors.push(invalid(path, scheme, `'https' is the only allowed URL scheme${FORM}`))
  if (!host) errors.push(invalid(path, host ?? '', `host must be specified${FORM}`))
  if (user !== undefined) errors.push(invalid(path, user, 'user information is not permitted in the URL'))
  if (fragment) errors.push(invalid(path, fragment, 'fragments are not permitted in the URL'))
  if (query) errors.push(invalid(path, query, 'query parameters are not permitted in the URL'))
  return errors
}

function serviceErrors(service: NonNullable<ClientConfig['service']>, path: string): FieldError[] {
  const { name = '', namespace = '', path: url = '', port = 443 } = service
  const errors: FieldError[] = []
  // Kubernetes hands over the two in the wrong order, and so names the other one.
  if (namespace === '') errors.push(required(`${path}.name`))
  if (name === '') errors.push(required(`${path}.namespace`))
  if (port < 1 || port > 65535) {
    errors.push(invalid(`${path}.port`, port, 'port is not valid: must be between 1 and 65535, inclusive'))
  }
  return [...errors, ...pathErrors(url, `${path}.path`)]
}

function pathErrors(url: string, field: string): FieldError[] {
  if (url === '' || url === '/') return []
  if (url === '//') return [invalid(field, url, 'segment[0] may not be empty')]
  const errors = url.startsWith('/') ? [] : [invalid(field, url, "must start with a '/'")]
  const steps = url.slice(1).replace(/\/$/, '').split('/')
  for (const [i, step] of steps.entries()) {
    if (step === '') errors.push(invalid(field, url, `segment[${i}] may not be empty`))
    else for (const problem of isDns1123Subdomain(step)) errors.push(invalid(field, url, `segment[${i}]: ${problem}`))
  }
  return errors
}

function reviewErrors(versions: string[], path: string): FieldError[] {
  if (versions.length === 0) return [required(path)]
  const errors: FieldError[] = []
  versions.forEach((version, i) => {
    if (versions.indexOf(version) < i) errors.push(invalid(`${path}[${i}]`, version, 'duplicate version'))
    else for (const problem of isDns1035Label(version)) errors.push(invalid(`${path}[${i}]`, version, problem))
  })
  if (!versions.some((version) => version === 'v1' || version === 'v1beta1')) {
    errors.push(invalid(path, versions, 'must include at least one of v1, v1beta1'))
  }
  return errors
}
