/** gzip beside Node's own zlib, and the archives of `tar z`. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { bytesOf, textOf } from '#api/bytes.ts'
import { runCommand } from '../testing/machine.ts'

const sh = (script: string, input = '') => runCommand(['sh', '-c', script], input)

describe('gzip', () => {
  const text = `${'kind: Pod\n'.repeat(500)}äöü \u{1f600}\n`
  it('writes what others read, and reads what others write', () => {
    const { out } = sh('gzip', text)
    expect(bytesOf(out).length).toBeLessThan(300)
    expect(gunzipSync(bytesOf(out)).toString()).toBe(text)
    expect(sh('gunzip', textOf(gzipSync(text))).out).toBe(text)
  })
  it('puts a file in the place of another, with its mode', () => {
    expect(
      sh('cd /tmp; echo hello > f; chmod 600 f; gzip f; ls f*; zcat f.gz; gunzip f.gz; ls f*; cat f; stat -c %a f').out,
    ).toBe('f.gz\nhello\nf\nhello\n600\n')
    expect(sh('cd /tmp; echo a > f; gzip -k f; ls f*; gzip -c f | gunzip -c').out).toBe('f\nf.gz\na\n')
  })
  it('says what it cannot do', () => {
    expect(sh('cd /tmp; echo a > f.gz; gunzip f.gz')).toMatchObject({ err: 'gunzip: invalid magic\n', status: 1 })
    expect(sh('cd /tmp; echo a > f; gunzip f').err).toBe('gunzip: f: unknown suffix - ignored\n')
    expect(sh('cd /tmp; echo a > f; gzip -k f; gzip f').err).toBe("gzip: can't open 'f.gz': File exists\n")
    expect(sh('export TOOLS=gnu; cd /tmp; echo a > f; gzip -t f').err).toBe('gzip: f: not in gzip format\n')
    expect(sh('export TOOLS=gnu; cd /tmp; echo a | gzip | head -c 15 | gunzip').err).toBe(
      'gunzip: stdin: unexpected end of file\n',
    )
  })
})

describe('tar z', () => {
  it('makes, lists and unpacks', () => {
    const { out, status } = sh(
      'cd /tmp; mkdir -p a/b; echo one > a/one; echo two > a/b/two; tar czf a.tgz a; rm -r a; tar tzf a.tgz; tar xzf a.tgz; cat a/one a/b/two',
    )
    expect(out.trim().split('\n').sort()).toEqual(['a/', 'a/b/', 'a/b/two', 'a/one', 'one', 'two'])
    expect(status).toBe(0)
  })
  it('sees by itself that an archive is packed, and goes through pipes', () => {
    expect(sh('cd /tmp; echo one > f; tar czf f.tgz f; rm f; tar xf f.tgz; cat f').out).toBe('one\n')
    expect(sh('cd /tmp; echo one > f; tar cz f | tar tz; tar cz f | gunzip | tar t').out).toBe('f\nf\n')
    expect(sh('cd /tmp; echo no > f.tgz; tar xzf f.tgz').status).toBe(1)
  })
})
