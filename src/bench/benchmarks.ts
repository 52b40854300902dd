/** The benchmarks: each runs in a process of its own and gives numbers that are named by their unit. */
import { MessageChannel } from 'node:worker_threads'
import { Cluster } from '#engine'
import { loop } from './containers.ts'
import { deploy, readyCluster, rolledOut, rollOut, runSlices } from './drive.ts'
import { heap, measure, type Numbers, round } from './measure.ts'
import { throughput, workloads } from './scheduling.ts'

/** From asking for the Pods until all of them are available. */
function timed(cluster: Cluster, pods: number): Numbers {
  const from = cluster.world.now
  let longest = 0
  const cost = measure(() => {
    deploy(cluster, pods)
    longest = runSlices(cluster, () => rolledOut(cluster))
  })
  return {
    ...cost,
    pods_per_cpu_s: Math.round(pods / cost.cpu_s),
    longest_slice_ms: round(longest, 1),
    virtual_s: round((cluster.world.now - from) / 1000, 1),
  }
}

/** The heap is looked at last: a forced collection would make what follows it slower. */
function deployment(nodes: number, pods: number, times = 1): Numbers {
  let cluster: Cluster | null = null
  const numbers = repeated(times, () => {
    cluster = readyCluster(nodes)
    return timed(cluster, pods)
  })
  const full = heap()
  cluster = readyCluster(nodes)
  const empty = heap()
  return { ...numbers, bytes_per_pod: Math.round((full - empty) / pods) }
}

/** Several times over in one process, each time from nothing: the first is cold, `cpu_s` is the median. */
function repeated(times: number, once: () => Numbers): Numbers {
  const runs = Array.from({ length: times }, once)
  const sorted = [...runs].sort((a, b) => (a['cpu_s'] ?? 0) - (b['cpu_s'] ?? 0))
  const median = sorted[times >> 1] as Numbers
  if (times === 1) return median
  return { ...median, cold_cpu_s: runs[0]?.['cpu_s'] ?? 0, least_cpu_s: sorted[0]?.['cpu_s'] ?? 0 }
}

const REPEATS = 5

function rollout(nodes: number, pods: number): Numbers {
  const cluster = readyCluster(nodes)
  deploy(cluster, pods)
  runSlices(cluster, () => rolledOut(cluster))
  const { revision } = cluster.server.store
  let longest = 0
  const cost = measure(() => {
    rollOut(cluster, 'nginx:1.28')
    longest = runSlices(cluster, () => rolledOut(cluster))
  })
  return {
    ...cost,
    longest_slice_ms: round(longest, 1),
    writes_per_pod: round((cluster.server.store.revision - revision) / pods, 1),
  }
}

/** From nothing to a cluster of three whose nodes are Ready; the first time, and once the code is warm. */
function boot(): Numbers {
  const cold = measure(() => readyCluster(3))
  for (let i = 0; i < 5; i++) readyCluster(3)
  const warm = measure(() => readyCluster(3))
  return { ...cold, warm_cpu_s: warm.cpu_s, warm_wall_s: warm.wall_s }
}

/** How many simulated seconds pass in one of ours when nothing happens. */
function idle(nodes: number): Numbers {
  const cluster = readyCluster(nodes)
  cluster.run(600_000)
  const from = cluster.world.now
  const { steps } = cluster.world
  const wall = performance.now()
  while (performance.now() - wall < 2000) cluster.run(60_000)
  const virtual = cluster.world.now - from
  return {
    speed_up: Math.round(virtual / (performance.now() - wall)),
    events_per_virtual_s: round(((cluster.world.steps - steps) * 1000) / virtual),
  }
}

/** One hop between the page and the worker: a request and its answer, with a Pod in it and with nothing in it. */
async function message(): Promise<Numbers> {
  const cluster = readyCluster(3)
  deploy(cluster, 1)
  runSlices(cluster, () => rolledOut(cluster))
  const pod = cluster.server.readAll('pods', 'default')[0]
  const { port1, port2 } = new MessageChannel()
  port2.on('message', (data) => port2.postMessage(data))
  const trip = (data: unknown): Promise<void> =>
    new Promise((done) => {
      port1.once('message', () => done())
      port1.postMessage(data)
    })
  const medianUs = async (data: unknown): Promise<number> => {
    const times: number[] = []
    for (let i = 0; i < 2000; i++) {
      const started = performance.now()
      await trip(data)
      times.push(performance.now() - started)
    }
    return round((times.sort((a, b) => a - b)[1000] ?? 0) * 1000, 1)
  }
  const result = { empty_round_trip_us: await medianUs(null), pod_round_trip_us: await medianUs(pod) }
  port1.close()
  return result
}

/** Saving and loading a cluster of a thousand Pods. */
function saving(): Numbers {
  const cluster = readyCluster(100)
  deploy(cluster, 1000)
  runSlices(cluster, () => rolledOut(cluster))
  let text = ''
  const save = measure(() => {
    text = cluster.save()
  })
  const load = measure(() => Cluster.load(text))
  return { save_wall_s: save.wall_s, load_wall_s: load.wall_s, bytes: text.length }
}

/** Three hundred looping containers for a simulated hour. */
function containers(): Numbers {
  let loops = { lines: 0, bytes: 0 }
  const cost = measure(() => {
    loops = loop(300, 3_600_000)
  })
  return { ...cost, ...loops }
}

export const benchmarks: Record<string, () => Numbers | readonly string[] | Promise<Numbers>> = {
  workloads: () => Object.keys(workloads),
  ...Object.fromEntries(Object.keys(workloads).map((name) => [name, () => throughput(name)])),
  boot,
  deploy_1000: () => deployment(100, 1000, REPEATS),
  deploy_10000: () => deployment(1000, 10_000),
  deploy_50000: () => deployment(1000, 50_000),
  rollout_1000: () => repeated(3, () => rollout(100, 1000)),
  idle_100: () => idle(100),
  idle_5000: () => idle(5000),
  message,
  saving,
  containers,
}
