/** How the image comes up: its entrypoint's scripts, and what they say (docker-entrypoint.sh of the official image). */
import type { Host } from '../../programs/program.ts'
import { DEFAULT_SITE } from './usual.ts'

const FOLDER = '/docker-entrypoint.d'
const SITE = '/etc/nginx/conf.d/default.conf'
const TEMPLATES = '/etc/nginx/templates'

const OWN: Readonly<Record<string, (host: Host) => void>> = {
  '10-listen-on-ipv6-by-default.sh': listenOnIpv6,
  '15-local-resolvers.envsh': () => {},
  '20-envsubst-on-templates.sh': fillTemplates,
  '30-tune-worker-processes.sh': () => {},
}

const quiet = (host: Host): boolean => (host.env['NGINX_ENTRYPOINT_QUIET_LOGS'] ?? '') !== ''

function say(host: Host, line: string): void {
  if (!quiet(host)) host.out(`${line}\n`)
}

export function comeUp(host: Host): void {
  const me = '/docker-entrypoint.sh:'
  const scripts = host.files.list(FOLDER) ?? []
  if (scripts.length === 0) return say(host, `${me} No files found in ${FOLDER}/, skipping configuration`)
  say(host, `${me} ${FOLDER}/ is not empty, will attempt to perform configuration`)
  say(host, `${me} Looking for shell scripts in ${FOLDER}/`)
  for (const name of scripts) launch(host, me, name)
  say(host, `${me} Configuration complete; ready for start up`)
}

function launch(host: Host, me: string, name: string): void {
  const path = `${FOLDER}/${name}`
  const own = OWN[name]
  if (!/\.(?:sh|envsh)$/.test(name)) return say(host, `${me} Ignoring ${path}`)
  const known = host.files.stat(path)
  if (!own && (typeof known === 'string' || (known.mode & 0o111) === 0))
    return say(host, `${me} Ignoring ${path}, not executable`)
  say(host, `${me} ${name.endsWith('.envsh') ? 'Sourcing' : 'Launching'} ${path}`)
  if (own) return own(host)
  const { output, code } = host.run(name.endsWith('.envsh') ? ['/bin/sh', '-c', `. ${path}`] : [path])
  host.out(output)
  // The entrypoint runs with `set -e`.
  if (code !== 0) host.exit(code)
}

function listenOnIpv6(host: Host): void {
  const me = '10-listen-on-ipv6-by-default.sh: info:'
  const text = host.files.read(SITE)
  if (text === undefined) return say(host, `${me} ${SITE} is not a file or does not exist`)
  if (host.files.write(SITE, text) !== '') return say(host, `${me} can not modify ${SITE} (read-only file system?)`)
  if (text === DEFAULT_SITE) {
    say(host, `${me} Getting the checksum of ${SITE}`)
    return say(host, `${me} Enabled listen on IPv6 in ${SITE}`)
  }
  if (/listen\s+\[::\]:80;/.test(text)) return say(host, `${me} IPv6 listen already enabled`)
  say(host, `${me} Getting the checksum of ${SITE}`)
  say(host, `${me} ${SITE} differs from the packaged version`)
}

/** Only what is set is filled in: nginx has variables of its own. */
function fillTemplates(host: Host): void {
  const me = '20-envsubst-on-templates.sh:'
  const suffix = host.env['NGINX_ENVSUBST_TEMPLATE_SUFFIX'] ?? '.template'
  const from = host.env['NGINX_ENVSUBST_TEMPLATE_DIR'] ?? TEMPLATES
  const to = host.env['NGINX_ENVSUBST_OUTPUT_DIR'] ?? '/etc/nginx/conf.d'
  for (const name of host.files.list(from) ?? []) {
    const text = host.files.read(`${from}/${name}`)
    if (text === undefined || !name.endsWith(suffix)) continue
    const file = `${to}/${name.slice(0, -suffix.length)}`
    const filled = text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (all, braced, bare) => host.env[braced ?? bare] ?? all)
    say(host, `${me} Running envsubst on ${from}/${name} to ${file}`)
    if (host.files.write(file, filled) === '') continue
    host.out(`${me} ERROR: ${from} exists, but ${to} is not writable\n`)
    return
  }
}
