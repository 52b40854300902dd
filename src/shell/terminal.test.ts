/** The shell in front of a screen: what a user types, and what is seen. */
import { beforeAll, describe, expect, it } from 'vitest'
import { preloadKubectl } from '#kubectl/kubectl.ts'
import { TestCluster } from '../engine/testing/test-cluster.ts'
import { inProcess } from '../transport/in-process.ts'
import { createShell } from './shell.ts'

const nowhere = { request: async () => ({ status: 503, headers: {}, body: '' }), watch: () => () => {} }

/** A terminal whose clock is moved by hand; keys go to the shell's lines or to its programs, as in the page. */
function desk(test: TestCluster | null = null) {
  let at = 0
  const clock = (): number => test?.cluster.world.now ?? at
  let timers: { at: number; wake(): void }[] = []
  let seen = ''
  let line: string | null = ''
  const shell = createShell({
    transport: test ? inProcess(test.cluster) : nowhere,
    now: clock,
    sleep: (ms) => new Promise((wake) => timers.push({ at: clock() + ms, wake })),
  })
  const screen = {
    size: () => ({ rows: 24, columns: 80 }),
    write: (text: string) => void (seen += text),
    ask(prompt: string, _more: boolean, typed: string) {
      seen += prompt.replace(/\x1b\[[\d;]*m/g, '')
      line = ''
      type(typed)
    },
  }
  const terminal = shell.open(screen)
  function type(text: string): void {
    // A key of several characters comes at once.
    for (const key of text.match(/\x1b(?:\[\w~]+)?|[^]/g) ?? []) {
      if (line === null) terminal.keys(key)
      else if (key === '\r') {
        const whole = line
        line = null
        seen += `${whole}\r\n`
        terminal.line(whole)
      } else line += key
    }
  }
  const pass = async (ms: number): Promise<void> => {
    const end = clock() + ms
    for (;;) {
      // What waits for answers has several turns before time goes on.
      for (let n = 0; n < (test ? 20 : 1); n++) await new Promise((done) => setImmediate(done))
      const next = Math.min(end, clock() + (test ? 100 : ms), ...timers.map((t) => t.at))
      if (next >= end && clock() >= end && timers.every((t) => t.at > end)) break
      if (test) test.cluster.run(Math.max(0, next - clock()))
      else at = next
      const due = timers.filter((t) => t.at <= clock())
      timers = timers.filter((t) => t.at > clock())
      for (const { wake } of due) wake()
    }
  }
  const take = (): string => {
    const text = seen.replaceAll('\r', '')
    seen = ''
    return text
  }
  return { type, pass, take, shell }
}

describe('the terminal', () => {
  it('takes a command over several lines, and a pasted here-document', () => {
    const { type, take } = desk()
    type('for i in 1 2; do\recho n$i\rdone\r')
    expect(take()).toBe('$ for i in 1 2; do\n> echo n$i\n> done\nn1\nn2\n$ ')
    type('cat <<EOF > x.yaml\rkind: Pod\rEOF\rcat x.yaml\r')
    expect(take()).toContain('kind: Pod\n$ ')
  })
  it('tells who asks for help what there is, and all of that is there', () => {
    const { type, take } = desk()
    type('help\r')
    expect(take()).toContain("kubectl (k)            the cluster's command line")
    type(
      'for p in kubectl k helm curl dig nslookup jq grep sed awk watch less vi ls; do which $p > /dev/null || echo "no $p"; done\r',
    )
    expect(take()).not.toMatch(/\nno /)
  })
  it('remembers variables, functions, the folder and aliases', () => {
    const { type, take } = desk()
    type('x=1\rf() { echo "$x $1"; }\rmkdir d && cd d\ralias hi="echo hello"\rhi; f 2; pwd\r')
    expect(take()).toContain('hello\n1 2\n/root/d\n$ ')
  })
  it('loops in simulated time until Ctrl-C, which ends the whole line', async () => {
    const { type, take, pass } = desk()
    type('while true; do echo tick; sleep 1; done; echo after\r')
    await pass(2500)
    type('\x03')
    expect(take()).toBe('$ while true; do echo tick; sleep 1; done; echo after\ntick\ntick\ntick\n^C\n$ ')
    type('echo $?\r')
    expect(take()).toBe('echo $?\n130\n$ ')
  })
  it('stops what never waits', async () => {
    const { type, take, pass } = desk()
    type('while :; do :; done\r')
    await new Promise((done) => setTimeout(done, 20))
    type('\x03')
    await pass(0)
    expect(take()).toMatch(/\^C\n\$ $/)
  })
  it('streams through pipes', async () => {
    const { type, take, pass } = desk()
    type('i=0; while true; do echo $((i++)); sleep 1; done | head -2\r')
    await pass(3000)
    expect(take()).toContain('0\n1\n$ ')
  })
  it('runs jobs in the background', async () => {
    const { type, take, pass } = desk()
    type('sleep 2 &\rjobs\r')
    expect(take()).toMatch(/\[1\] \d+\n\$ jobs\n\[1\]\+ {2}Running {17}sleep 2 &\n/)
    await pass(2500)
    type('\r')
    expect(take()).toContain('[1]+  Done                    sleep 2')
  })
  it('gives what is typed to the program in front, and what it leaves to the shell', async () => {
    const { type, take, pass } = desk()
    type('read name; echo "hello $name"\rworld\r')
    expect(take()).toContain('hello world\n')
    type('sleep 1\recho later\r')
    await pass(1500)
    expect(take()).toMatch(/later\n\$ $/)
  })
  it('starts again when it is left', async () => {
    const { type, take, pass } = desk()
    type('x=1\rexit\r')
    await pass(10)
    type('echo "[$x]"\r')
    expect(take()).toContain('exit\n$ echo "[$x]"\n[]\n$ ')
  })
  it('pages with less, and goes on when it is left', () => {
    const { type, take } = desk()
    type('seq 100 | less\r')
    expect(take()).toMatch(/23\n\x1b\[K:$/)
    type('G')
    expect(take()).toMatch(/100\n\x1b\[K\x1b\[7m\(END\)\x1b\[m$/)
    type('qecho on\r')
    expect(take()).toContain('$ echo on\non\n$ ')
  })
  it('completes commands, files, folders and variables', async () => {
    const { shell } = desk()
    shell.files.write('web.yaml', '')
    shell.files.write('charts/a/Chart.yaml', '')
    expect(await shell.complete('cat we', 6)).toEqual(['web.yaml'])
    expect(await shell.complete('ls cha', 6)).toEqual(['charts/'])
    expect(await shell.complete('ls | gre', 8)).toEqual(['grep'])
    expect(await shell.complete('echo $HOM', 9)).toEqual(['$HOME'])
  })
})

const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'busybox', command: ['sleep', 'infinity'] }] },
    },
  },
}

describe('the terminal in front of a cluster', () => {
  // Its commands are loaded with their first use: no clock waits for that.
  beforeAll(() => preloadKubectl())
  const withWeb = () => {
    const test = new TestCluster({ nodes: 1 })
    test.create(DEPLOYMENT)
    test.run(20)
    return { test, ...desk(test) }
  }
  it('edits objects with vi', async () => {
    const { test, type, take, pass } = withWeb()
    type('kubectl edit deployment web\r')
    await pass(500)
    expect(take()).toMatch(/# Please edit the object below[^]*- \/tmp\/kubectl-edit-\d+\.yaml 1\/\d+ \d+%/)
    type(':%s/replicas: 1/replicas: 3/\r:wq\r')
    await pass(2000)
    expect(take()).toContain('deployment.apps/web edited\n$ ')
    expect(test.get('deployments.apps', 'web')?.['spec'].replicas).toBe(3)
    type('kubectl edit deployment web\r')
    await pass(500)
    type('ix\x1b:q\r')
    expect(take()).toContain('No write since last change (:q! overrides)')
    type(':q!\r')
    await pass(500)
    expect(take()).toContain('Edit cancelled, no changes made.\n$ ')
    type('echo $?\r')
    expect(take()).toBe('echo $?\n0\n$ ')
  })
  it('opens the editor again with what was wrong', async () => {
    const { test, type, take, pass } = withWeb()
    type('kubectl edit deployment web\r')
    await pass(500)
    type(':%s/replicas: 1/replicas: -1/\r:wq\r')
    await pass(500)
    expect(take()).toContain('# deployments.apps "web" was not valid:')
    type(':%s/replicas: -1/replicas: 2/\rZZ')
    await pass(500)
    expect(take()).toContain('deployment.apps/web edited\n$ ')
    expect(test.get('deployments.apps', 'web')?.['spec'].replicas).toBe(2)
  })
  it('is in a container with kubectl exec -it, and comes back with its status', async () => {
    const { type, take, pass } = withWeb()
    type('kubectl exec -it deploy/web -- sh\r')
    await pass(1000)
    expect(take()).toMatch(/\n\/ # $/)
    type('hostname\r')
    await pass(500)
    expect(take()).toMatch(/^hostname\nweb-[\w-]+\n\/ # $/)
    type('sleep 100\r')
    await pass(500)
    type('\x03')
    await pass(500)
    expect(take()).toMatch(/^sleep 100\n\^C\n*\/ # $/)
    // An editor there has the whole terminal, Ctrl-C among its keys.
    type('vi /tmp/f\r')
    await pass(500)
    expect(take()).toContain('- /tmp/f 1/1 100%')
    type('ione\rtwo\x03:wq\r')
    await pass(500)
    take()
    type('cat /tmp/f\r')
    await pass(500)
    expect(take()).toBe('cat /tmp/f\none\ntwo\n/ # ')
    type('exit 7\r')
    await pass(1000)
    expect(take()).toBe('exit 7\ncommand terminated with exit code 7\n$ ')
    type('echo $?\r')
    expect(take()).toBe('echo $?\n7\n$ ')
  })
  it('forwards a port of the own machine to a pod, until the job is ended', async () => {
    const { test, type, take, pass } = withWeb()
    test.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'site' },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    })
    test.run(20)
    type('kubectl port-forward pod/site 8080:80 &\r')
    await pass(500)
    expect(take()).toContain('Forwarding from 127.0.0.1:8080 -> 80\nForwarding from [::1]:8080 -> 80\n')
    type('curl -s localhost:8080 | head -4\r')
    await pass(2000)
    expect(take()).toMatch(/Handling connection for 8080\n[^]*<title>Welcome to nginx!<\/title>/)
    type('kubectl port-forward pod/site 8080:80\r')
    await pass(500)
    expect(take()).toContain('bind: address already in use')
    type('kill %1\r')
    await pass(500)
    take()
    type('curl localhost:8080\r')
    await pass(500)
    expect(take()).toContain('curl: (7) Failed to connect to localhost port 8080')
  })
  it('answers for the API with kubectl proxy', async () => {
    const { type, take, pass } = withWeb()
    type('kubectl proxy &\r')
    await pass(500)
    expect(take()).toContain('Starting to serve on 127.0.0.1:8001')
    type('curl -s localhost:8001/api/v1/namespaces/default/pods | jq -r ".items[].metadata.labels.app"\r')
    await pass(2000)
    expect(take()).toContain('\nweb\n')
  })
  it('watches with watch until Ctrl-C', async () => {
    const { type, take, pass } = withWeb()
    type('watch -n1 kubectl get pods\r')
    await pass(2500)
    expect(take().match(/Every 1\.0s: kubectl get pods/g)?.length).toBe(3)
    type('\x03')
    await pass(500)
    expect(take()).toMatch(/\^C\n\$ $/)
    type('echo $?\r')
    expect(take()).toBe('echo $?\n130\n$ ')
  })
  it('says of a server that is down what it was asked, and for which file', async () => {
    const test = new TestCluster({ nodes: 1 })
    test.settle()
    const { type, take, pass } = desk(test)
    const said = async (line: string): Promise<string> => {
      type(`${line}\r`)
      await pass(1000)
      return take().replace(`${line}\n`, '').replace(/\$ $/, '')
    }
    take()
    await said('kubectl create cm one')
    await said('kubectl get cm one -o yaml > one.yaml')
    test.cluster.fault({ kind: 'component', component: 'kube-apiserver', on: false })
    const refused = 'The connection to the server 172.18.0.1:6443 was refused - did you specify the right host or port?\n'
    const dialled = 'dial tcp 172.18.0.1:6443: connect: connection refused'
    expect(await said('kubectl get cm')).toBe(refused)
    expect(await said('kubectl apply -f one.yaml')).toBe(
      `error: error validating "one.yaml": error validating data: failed to download openapi: Get "https://172.18.0.1:6443/openapi/v2?timeout=32s": ${dialled}; if you choose to ignore these errors, turn validation off with --validate=false\n`,
    )
    expect(await said('kubectl delete -f one.yaml')).toBe(
      `error: error when deleting "one.yaml": Delete "https://172.18.0.1:6443/api/v1/namespaces/default/configmaps/one": ${dialled}\n`,
    )
    expect(await said('kubectl create cm two')).toContain(`error: failed to create configmap: Post "https://172.18.0.1:6443/`)
    expect(await said('kubectl version')).toMatch(/^Client Version: v1\.36\.3\nKustomize Version: .*\nThe connection/)
  })
})
