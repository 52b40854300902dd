import { describe, expect, it } from 'vitest'
import { Cluster } from '#engine'
import { inProcess } from '#transport/in-process.ts'
import { helm } from './helm.ts'

/** helm in a folder of its own, on a cluster whose clock runs while helm waits. */
function desk() {
  const cluster = new Cluster({ seed: 'helm', nodes: 2 })
  cluster.run(20_000)
  const files = new Map<string, string>()
  const run = async (line: string): Promise<{ status: number; out: string; err: string }> => {
    let [out, err] = ['', '']
    const status = await helm(
      line.split(' '),
      { transport: inProcess(cluster), namespace: 'default' },
      {
        out: (text) => void (out += text),
        err: (text) => void (err += text),
        read: async (path) => {
          const text = files.get(path)
          if (text === undefined) throw new Error('no such file or directory')
          return text
        },
        write: async (path, text) => void files.set(path, text),
        list: async (path) => {
          const below = [...files.keys()]
            .filter((name) => name.startsWith(`${path}/`))
            .map((name) => name.slice(path.length + 1).split('/')[0] as string)
          return below.length > 0 ? [...new Set(below)] : null
        },
        stdin: async () => '',
        now: () => cluster.world.now,
        sleep: async (ms) => cluster.run(ms),
        random: () => 0.5,
        signal: { aborted: false },
      },
    )
    return { status, out, err }
  }
  return { cluster, files, run }
}

describe('helm', () => {
  it('installs what it created, packs it, and installs the package', async () => {
    const { cluster, run } = desk()
    expect((await run('create mine')).out).toBe('Creating mine\n')
    expect(await run('install one mine --wait --set replicaCount=2')).toMatchObject({ status: 0, err: '' })
    expect(cluster.read('deployments.apps', 'default', 'one-mine')?.['status']).toMatchObject({ readyReplicas: 2 })
    expect((await run('package mine')).out).toBe('Successfully packaged chart and saved it to: ./mine-0.1.0.tgz\n')
    expect(await run('install two mine-0.1.0.tgz')).toMatchObject({ status: 0 })
    expect((await run('list -q')).out).toBe('one\ntwo\n')
  })

  it('finds charts in the built-in repository, and says when another cannot be reached', async () => {
    const { run } = desk()
    expect(await run('repo add shop https://charts.example.com')).toMatchObject({ status: 1 })
    expect((await run('repo add shelf https://charts.tabernetes.invalid')).out).toBe(
      '"shelf" has been added to your repositories\n',
    )
    expect((await run('search repo guestbook')).out).toContain('shelf/guestbook')
    expect(await run('install book shelf/guestbook --wait')).toMatchObject({ status: 0 })
    expect(await run('upgrade book shelf/guestbook --set redis.enabled=false')).toMatchObject({ status: 0 })
    expect((await run('get manifest book')).out).not.toContain('StatefulSet')
    expect(await run('rollback book 1')).toMatchObject({ status: 0, out: 'Rollback was a success! Happy Helming!\n' })
    expect((await run('get manifest book')).out).toContain('StatefulSet')
    expect(await run('uninstall book')).toMatchObject({ status: 0, out: 'release "book" uninstalled\n' })
  })

  it('refuses what it does not know in the words of the real one', async () => {
    const { run } = desk()
    expect((await run('instal x')).err).toContain('unknown command "instal" for "helm"')
    expect((await run('status')).err).toBe(
      'Error: "helm status" requires 1 argument\n\nUsage:  helm status RELEASE_NAME [flags]\n',
    )
    expect((await run('list --nope')).err).toBe('Error: unknown flag: --nope\n')
    expect((await run('plugin list')).err).toContain('helm plugin is not supported here')
  })
})
