// Kubernetes' own test binary, built with Go into `.cache/conformance`; `kubectl` beside it when there is none on the path.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const VERSION = 'v1.36.3'
const STAGING = VERSION.replace('v1.', 'v0.')
const [MAJOR, MINOR] = VERSION.slice(1).split('.')
const BUILT = '2026-09-01T00:00:00Z'

const works = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

function go(folder, ...args) {
  execFileSync('go', args, {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod' },
  })
}

/** Kubernetes requires its staging modules at v0.0.0, beside itself; outside its repository each stands for a release. */
function stagingModules(folder) {
  const told = execFileSync('go', ['mod', 'download', '-json', `k8s.io/kubernetes@${VERSION}`], { cwd: folder, encoding: 'utf8' })
  const required = readFileSync(JSON.parse(told).GoMod, 'utf8')
  return [...new Set([...required.matchAll(/^\s*(k8s\.io\/\S+) (?:v0\.0\.0$|=> \.\/staging)/gm)].map(([, name]) => name))]
}

/** A module of our own that requires Kubernetes. */
function prepare(folder) {
  if (!works('go', 'version')) {
    throw new Error(
      'the conformance suite is built with Go, and there is no `go` on the path: install Go 1.26 (https://go.dev/dl), or name a binary with --e2e',
    )
  }
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, 'go.mod')
  if (existsSync(file)) return
  const replaced = stagingModules(folder).map((name) => `\t${name} => ${name} ${STAGING}\n`)
  writeFileSync(
    file,
    `module conformance\n\ngo 1.26\n\nrequire k8s.io/kubernetes ${VERSION}\n\nreplace (\n${replaced.join('')})\n`,
  )
}

const stamps = () =>
  ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']
    .flatMap((where) => [
      `${where}.gitVersion=${VERSION}`,
      `${where}.gitMajor=${MAJOR}`,
      `${where}.gitMinor=${MINOR}`,
      `${where}.gitTreeState=clean`,
      `${where}.buildDate=${BUILT}`,
    ])
    .map((stamp) => `-X ${stamp}`)
    .join(' ')

/** The test binary: the one that is named, else the one in the cache, built when it is missing. */
export function e2eBinary(cache, named) {
  if (named) {
    if (!existsSync(named)) throw new Error(`there is no test binary ${named}`)
    return named
  }
  const file = path.join(cache, 'e2e.test')
  if (existsSync(file)) return file
  console.log(`building e2e.test ${VERSION} into ${cache} (minutes, once)`)
  prepare(cache)
  go(cache, 'get', '-t', `k8s.io/kubernetes/test/e2e@${VERSION}`)
  go(cache, 'test', '-c', '-ldflags', stamps(), '-o', file, 'k8s.io/kubernetes/test/e2e')
  return file
}

/** The full names of all tests in the binary. */
export function listTests(e2e) {
  const told = execFileSync(e2e, ['--list-tests'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return told.split('\n').flatMap((line) => /^ +\S+\.go:\d+: (.*)$/.exec(line)?.[1] ?? [])
}

/** The kubectl that tests of [sig-cli] run: named, on the path, or built beside the test binary. */
export function kubectlBinary(cache, named) {
  if (named) {
    if (!existsSync(named)) throw new Error(`there is no kubectl ${named}`)
    return named
  }
  const onPath = spawnSync('which', ['kubectl'], { encoding: 'utf8' }).stdout.trim()
  if (onPath) return onPath
  const file = path.join(cache, 'kubectl')
  if (existsSync(file)) return file
  console.log(`building kubectl ${VERSION} into ${cache}`)
  prepare(cache)
  go(cache, 'get', `k8s.io/kubernetes/cmd/kubectl@${VERSION}`)
  go(cache, 'build', '-ldflags', stamps(), '-o', file, 'k8s.io/kubernetes/cmd/kubectl')
  return file
}
