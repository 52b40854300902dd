/** Completion against a cluster of its own. */

import { beforeAll, expect, it } from 'vitest'
import { Client } from '#client/client.ts'
import { Cluster } from '#engine'
import { inProcess } from '#transport/in-process.ts'
import { complete } from './complete.ts'

let client: Client
beforeAll(() => {
  const cluster = new Cluster({ nodes: 2 })
  cluster.run(20_000)
  client = new Client(inProcess(cluster), { agent: 'test' })
})
const offered = (line: string): Promise<string[]> => complete(line.split(' '), { client, namespace: 'default' })

it('offers commands', async () => expect(await offered('desc')).toEqual(['describe']))
it('offers subcommands', async () => expect(await offered('rollout st')).toEqual(['status']))
it('offers flags', async () => expect(await offered('scale --repl')).toEqual(['--replicas']))
it('offers kinds, by plural and short name', async () => expect(await offered('get deploy')).toEqual(['deploy', 'deployments']))
it('offers names', async () => expect(await offered('get nodes node')).toEqual(['node-1', 'node-2']))
it('offers names behind a slash', async () => expect(await offered('get node/')).toEqual(['node/node-1', 'node/node-2']))
it('offers nodes to drain', async () => expect(await offered('drain ')).toEqual(['node-1', 'node-2']))
