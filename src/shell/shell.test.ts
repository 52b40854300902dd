/** The shell's own tools, without a cluster. */
import { describe, expect, it } from 'vitest'
import { createShell, type Shell } from './shell.ts'

const nowhere = { request: async () => ({ status: 503, headers: {}, body: '' }), watch: () => () => {} }
const shell = (): Shell => createShell({ transport: nowhere, now: () => 0, sleep: async () => {} })

async function run(on: Shell, line: string): Promise<string> {
  let text = ''
  const write = (more: string): void => void (text += more)
  await on.run(line, { write, error: write, signal: new AbortController().signal, columns: 80 })
  return text
}

describe('the shell', () => {
  it('sorts lines', async () => expect(await run(shell(), "echo 'b\na' | sort | head -1")).toBe('a\n'))
  it('keeps files from line to line', async () => {
    const one = shell()
    await run(one, 'echo one > f; echo two >> f')
    expect(await run(one, 'sed -i s/two/2/ f; cat f; wc -l f')).toBe('one\n2\n2 f\n')
  })
  it('runs scripts with their parameters', async () => {
    const one = shell()
    await run(one, "cat > s <<'EOF'\necho $2 $1 $#\nEOF")
    expect(await run(one, 'sh s a b; echo "[$1]"')).toBe('b a 2\n[]\n')
  })
  it('loops and substitutes', async () => expect(await run(shell(), 'for i in 1 2; do echo n$(echo $i); done')).toBe('n1\nn2\n'))
  it.each(['/', '//', '/.'])('does not take the machine away (%s)', async (root) => {
    const one = shell()
    const same = root === '/' ? '' : " (same as '/')"
    expect(await run(one, `rm -rf ${root}`)).toBe(
      `rm: it is dangerous to operate recursively on '${root}'${same}\nrm: use --no-preserve-root to override this failsafe\n`,
    )
    expect(await run(one, 'ls -d /bin')).toBe('/bin\n')
  })
  it('knows what it does not know', async () =>
    expect(await run(shell(), 'frobnicate')).toBe('bash: frobnicate: command not found\n'))
})

describe("kubectl's own files", () => {
  const withUser = async (files: Record<string, string>, how: string) => {
    const shown: unknown[] = []
    const request = async ({ certificate }: { certificate?: unknown }) => {
      shown.push(certificate)
      return { status: 503, headers: {}, body: '' }
    }
    const one = createShell({ transport: { ...nowhere, request }, now: () => 0, sleep: async () => {} })
    for (const [path, text] of Object.entries(files)) one.files.write(path, text)
    await run(one, `kubectl config set-credentials nina --client-certificate=nina.crt${how}`)
    return { said: await run(one, 'kubectl get --raw /version --user=nina'), shown }
  }
  const make = async (one: Shell): Promise<Record<string, string>> => {
    await run(one, 'openssl req -x509 -nodes -newkey ec -keyout nina.key -out nina.crt -subj /CN=nina')
    await run(one, 'openssl genrsa -out other.key 1024')
    const files: Record<string, string> = {}
    for (const path of ['nina.crt', 'nina.key', 'other.key']) files[path] = await run(one, `cat ${path}`)
    return files
  }
  it.each(['', ' --embed-certs=true'])('shows the certificate of whom it comes as, wherever that lies (%s)', async (how) => {
    const files = await make(shell())
    const { shown } = await withUser(files, ` --client-key=nina.key${how}`)
    expect(shown.at(-1)).toBe(files['nina.crt'])
  })
  it('does not get through with a key that is another certificate’s, or with none', async () => {
    const files = await make(shell())
    expect(await withUser(files, ' --client-key=other.key')).toEqual({
      said: 'Unable to connect to the server: tls: private key does not match public key\n',
      shown: [],
    })
    expect((await withUser(files, '')).said).toBe(
      'error: client-key-data or client-key must be specified for nina to use the clientCert authentication method.\n',
    )
  })
  it('says which file is not there, whatever it was to be used for', async () =>
    expect(await run(shell(), 'kubectl create --raw /x -f nope; echo $?')).toBe(
      'error: open nope: no such file or directory\n1\n',
    ))
  const plugin = async (one: Shell): Promise<void> => {
    await run(
      one,
      'printf \'#!/bin/sh\\necho "plugin $*"; exit 3\\n\' > /usr/local/bin/kubectl-foo; chmod +x /usr/local/bin/kubectl-foo',
    )
  }
  it('runs plugins along the PATH, with their status', async () => {
    const one = shell()
    await plugin(one)
    expect(await run(one, 'kubectl foo a -b; echo $?')).toBe('plugin a -b\n3\n')
    expect(await run(one, 'kubectl plugin list')).toContain(
      'The following compatible plugins are available:\n\n/usr/local/bin/kubectl-foo\n',
    )
  })
  it('keeps preferences, and goes by them', async () => {
    const one = shell()
    const set = 'kubectl kuberc set --section aliases --name ver --command version --option client=true'
    expect(await run(one, set)).toBe('Updated /root/.kube/kuberc\n')
    expect(await run(one, 'kubectl ver | head -1')).toMatch(/^Client Version: v1\.36/)
    expect(await run(one, 'KUBERC=off kubectl ver')).toContain('unknown command "ver"')
  })
  it('gives scripts for completion that shells read', async () => {
    const one = shell()
    expect(await run(one, 'source <(kubectl completion bash); echo read')).toBe('read\n')
    expect(await run(one, 'kubectl completion powershell | head -3')).toContain('Copyright')
  })
})
