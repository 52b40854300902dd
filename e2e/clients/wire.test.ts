/** The bridge as a server: both versions of HTTP, gzip, tokens, many watches at a time, the audit log, a clean end. */
import { readFileSync } from 'node:fs'
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2'
import { get, type RequestOptions } from 'node:https'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bridge, startBridge } from './bridge.ts'

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

let bridge: Bridge
let log: string
let tls: { ca: string; cert: string; key: string }
let session: ClientHttp2Session

const decoded = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString()

/** One request over HTTP/2, as the administrator unless a session says otherwise. */
function ask(path: string, { over = session, method = 'GET', body = '', ...headers }: Record<string, any> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = over.request({ ':path': path, ':method': method, ...headers }, { endStream: body === '' })
    const chunks: Buffer[] = []
    let head: IncomingHttpHeaders = {}
    stream.on('response', (found: IncomingHttpHeaders) => (head = found))
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => resolve({ status: Number(head[':status']), headers: head, body: Buffer.concat(chunks) }))
    stream.on('error', reject)
    if (body !== '') stream.end(body)
  })
}

const post = (path: string, object: object, over = session): Promise<Answer> =>
  ask(path, { over, method: 'POST', body: JSON.stringify(object), 'content-type': 'application/json' })

const configMap = (name: string, data: Record<string, string> = {}): object => ({ metadata: { name }, data })
const MAPS = '/api/v1/namespaces/default/configmaps'

/** The first `count` events of a watch. */
function watch(path: string, count: number): Promise<any[]> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': path })
    const events: any[] = []
    let rest = ''
    stream.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() as string
      events.push(...lines.map((line) => JSON.parse(line)))
      if (events.length < count) return
      stream.close()
      resolve(events)
    })
    stream.on('error', reject)
  })
}

describe('the bridge', () => {
  beforeAll(async () => {
    log = path.join(process.cwd(), '.cache', `audit-${process.pid}.log`)
    bridge = await startBridge('--audit-log', log)
    const config = new KubeConfig()
    config.loadFromFile(bridge.kubeconfig)
    const user = config.getCurrentUser()
    tls = { ca: decoded(config.getCurrentCluster()?.caData), cert: decoded(user?.certData), key: decoded(user?.keyData) }
    session = connect(bridge.url, tls)
  })
  afterAll(async () => {
    // Watches are open still: they do not keep it from ending.
    session.request({ ':path': '/api/v1/pods?watch=true' }).on('error', () => {})
    session.on('error', () => {})
    expect(await bridge.stop()).toBe(0)
    session.destroy()
  })

  it('speaks HTTP/1.1 as well', async () => {
    const options: RequestOptions = { ...tls, headers: { accept: 'application/json' } }
    const version = await new Promise<string>((resolve) => get(`${bridge.url}/version`, options, (r) => resolve(r.httpVersion)))
    expect(version).toBe('1.1')
    expect((await ask('/version')).status).toBe(200)
  })

  it('knows the bearer of a token, strangers, and those with a token that is no good', async () => {
    const stranger = connect(bridge.url, { ca: tls.ca })
    expect((await ask('/api/v1/nodes', { over: stranger })).status).toBe(403)
    expect((await ask('/api/v1/nodes', { over: stranger, authorization: 'Bearer x.y.z' })).status).toBe(401)
    const made = await post('/api/v1/namespaces/default/serviceaccounts/default/token', { spec: {} })
    const { token } = JSON.parse(made.body.toString()).status
    const asked = {
      over: stranger,
      method: 'POST',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      body: '{}',
    }
    const review = await ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', asked)
    expect(JSON.parse(review.body.toString()).status.userInfo.username).toBe('system:serviceaccount:default:default')
    stranger.close()
  })

  it('takes each group that somebody acts as from a header of its own, commas and all', async () => {
    const review = await ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      method: 'POST',
      'content-type': 'application/json',
      body: '{}',
      'impersonate-user': 'eve',
      'impersonate-group': ['one', ',,,two'],
    })
    expect(JSON.parse(review.body.toString()).status.userInfo.groups).toEqual(['one', ',,,two', 'system:authenticated'])
  })

  it('zips long answers for who asks for it', async () => {
    const plain = await ask('/openapi/v2')
    const zipped = await ask('/openapi/v2', { 'accept-encoding': 'gzip' })
    expect(zipped.headers['content-encoding']).toBe('gzip')
    expect(zipped.body.length).toBeLessThan(plain.body.length / 4)
    expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true)
  })

  it('tells fifty watches of the same two hundred events, in the same order', async () => {
    const start = JSON.parse((await ask(MAPS)).body.toString()).metadata.resourceVersion
    const watches = Array.from({ length: 50 }, () => watch(`${MAPS}?watch=true&resourceVersion=${start}`, 200))
    for (let i = 0; i < 4; i++) {
      await Promise.all(Array.from({ length: 50 }, (_, j) => post(MAPS, configMap(`map-${i}-${j}`, { a: '<&>' }))))
    }
    const [first, ...others] = await Promise.all(watches)
    expect(first).toHaveLength(200)
    for (const other of others) expect(other).toEqual(first)
  })

  it('prints the events of a watch as Go does, the end of its beginning among them', async () => {
    const options = 'sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1'
    const { body } = await ask(`/apis/apps/v1/namespaces/default/deployments?watch=true&${options}`)
    expect(body.toString().replace(/"\d+"/, '"RV"')).toBe(
      '{"type":"BOOKMARK","object":{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"resourceVersion":"RV","annotations":' +
        '{"k8s.io/initial-events-end":"true"}},"spec":{"replicas":0,"selector":null,"template":{"metadata":{},"spec":' +
        '{"containers":null}},"strategy":{}},"status":{}}}\n',
    )
  })

  it('keeps an audit log of writes, with both bodies', async () => {
    await post(MAPS, configMap('noted'))
    await post('/api/v1/namespaces/nowhere/configmaps', configMap('lost'))
    const events = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const of = (name: string) => events.find(({ objectRef }) => objectRef?.name === name)
    expect(of('noted')).toMatchObject({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'RequestResponse',
      stage: 'ResponseComplete',
      requestURI: MAPS,
      verb: 'create',
      user: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
      objectRef: { resource: 'configmaps', namespace: 'default', name: 'noted', apiVersion: 'v1' },
      responseStatus: { code: 201 },
      requestObject: { metadata: { name: 'noted' } },
      annotations: { 'authorization.k8s.io/decision': 'allow' },
    })
    expect(of('lost').responseStatus).toMatchObject({ status: 'Failure', reason: 'NotFound', code: 404 })
    expect(events.some(({ verb, objectRef }) => verb === 'get' || objectRef?.resource === 'leases')).toBe(false)
    expect(events.some(({ user }) => user.username === 'system:node:node-1')).toBe(true)
  })
})
