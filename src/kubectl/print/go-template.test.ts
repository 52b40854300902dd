/** Go templates over objects. */
import { expect, it } from 'vitest'
import { goTemplate as printer } from './go-template.ts'

const goTemplate = (source: string, object: unknown): string => printer(source)(object)

const pod = { metadata: { name: 'web', labels: { b: '2', a: '1' } }, items: [1, 2, 3], on: true, data: { x: 'aGk=' } }

it('prints fields, and says when there is none', () =>
  expect(goTemplate('{{.metadata.name}} {{.nope}}', pod)).toBe('web <no value>'))
it('ranges over maps in the order of their keys', () => {
  expect(goTemplate('{{range $k, $v := .metadata.labels}}{{$k}}{{$v}};{{end}}', pod)).toBe('a1;b2;')
})
it('chooses', () =>
  expect(goTemplate('{{if and .on (gt (len .items) 5)}}many{{else if .on}}few{{else}}off{{end}}', pod)).toBe('few'))
it('trims around its actions', () => expect(goTemplate('a \n{{- "b" -}}\n c', pod)).toBe('abc'))
it('pipes into functions', () => expect(goTemplate('{{.data.x | base64decode | printf "%5s|%q" "z"}}', pod)).toBe('    z|"hi"'))
it('breaks out of a loop', () => expect(goTemplate('{{range .items}}{{if eq . 3}}{{break}}{{end}}{{.}}{{end}}', pod)).toBe('12'))
it('calls templates of its own', () =>
  expect(goTemplate('{{define "n"}}<{{.name}}>{{end}}{{template "n" .metadata}}', pod)).toBe('<web>'))
it('keeps assignments from inside a loop', () => {
  expect(goTemplate('{{$last := 0}}{{range .items}}{{$last = .}}{{end}}{{$last}}', pod)).toBe('3')
})
it('refuses functions that do not exist', () =>
  expect(() => goTemplate('{{shout .}}', pod)).toThrow('function "shout" not defined'))
