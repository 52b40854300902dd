/** The real kubectl: `$KUBECTL`, else the one on the path, else built with Go into a cache; undefined without any of these. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSION = 'v1.36.3'
const STAGING = 'v0.36.3'
const cache = fileURLToPath(new URL('../../.cache/kubectl', import.meta.url))

const runs = (command: string, ...args: string[]): boolean => spawnSync(command, args, { stdio: 'ignore' }).status === 0

export function findKubectl(): string | undefined {
  const named = process.env['KUBECTL']
  if (named) return named
  if (runs('kubectl', 'version', '--client')) return 'kubectl'
  const built = path.join(cache, 'kubectl')
  if (existsSync(built)) return built
  return runs('go', 'version') ? build(built) : undefined
}

const MAIN = `package main

import (
	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
)

func main() {
	if err := cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()); err != nil {
		util.CheckErr(err)
	}
}
`

/** kubectl is a library with a short main; its module needs nothing of the big repository. */
function build(file: string): string | undefined {
  mkdirSync(cache, { recursive: true })
  writeFileSync(path.join(cache, 'main.go'), MAIN)
  const modules = ['kubectl', 'component-base'].map((name) => `k8s.io/${name} ${STAGING}`)
  writeFileSync(path.join(cache, 'go.mod'), `module kubectl\n\ngo 1.26\n\nrequire (\n\t${modules.join('\n\t')}\n)\n`)
  const flags = `-s -w -X k8s.io/component-base/version.gitVersion=${VERSION} -X k8s.io/client-go/pkg/version.gitVersion=${VERSION}`
  try {
    execFileSync('go', ['build', '-mod=mod', '-ldflags', flags, '-o', file, '.'], {
      cwd: cache,
      stdio: 'ignore',
      env: { ...process.env, CGO_ENABLED: '0' },
    })
    return file
  } catch {
    return undefined
  }
}
