import { describe, expect, it } from 'vitest'
import { plain } from './plain.ts'
import { setValues, typed, verbatim } from './strvals.ts'

const said = async (text: string, read: Parameters<typeof setValues>[2] = typed, over = {}): Promise<unknown> => {
  const values = structuredClone(over) as Record<string, unknown>
  await setValues(text, values, read)
  return plain(values)
}

describe('--set', () => {
  it('reads types as helm does', async () => {
    expect(await said('a=1,b=true,c=null,d=007,e=1.5,f=0,g=')).toEqual({
      a: 1,
      b: true,
      c: null,
      d: '007',
      e: '1.5',
      f: 0,
      g: '',
    })
  })
  it('makes tables, lists and both', async () => {
    expect(await said('a.b.c=x,l={1,two},m[1].n=3,o[0][1]=z')).toEqual({
      a: { b: { c: 'x' } },
      l: [1, 'two'],
      m: [null, { n: 3 }],
      o: [[null, 'z']],
    })
  })
  it('takes what is escaped as it is', async () => {
    expect(await said('a\\.b=c\\,d')).toEqual({ 'a.b': 'c,d' })
  })
  it('keeps numbers as text where asked', async () => expect(await said('a=1,b=true', verbatim)).toEqual({ a: '1', b: 'true' }))
  it('reads JSON values', async () => {
    expect(await said('a={"x":[1,2]},b=[true, null],c="t"', 'json')).toEqual({ a: { x: [1, 2] }, b: [true, null], c: 't' })
  })
  it('lays itself over what is there', async () => {
    expect(await said('a.b=2', typed, { a: { b: 1, c: 3 } })).toEqual({ a: { b: 2, c: 3 } })
  })
  it('says what it cannot read', async () => {
    await expect(said('a')).rejects.toThrow('key "a" has no value')
    await expect(said('a=1,b,')).rejects.toThrow('key "b" has no value (cannot end with ,)')
    await expect(said('a={1,2')).rejects.toThrow("list must terminate with '}'")
    await expect(said('a[70000]=1')).rejects.toThrow('index of 70000 is greater than maximum supported index of 65536')
  })
})
