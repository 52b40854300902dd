/** Proxies that send requests on (an ingress controller's, a gateway's): what their table of routes says of one. */
import type { Pod } from '#api/kinds.ts'
import type { World } from '../sim/world.ts'
import type { HttpReply, HttpRequest } from './http.ts'
import type { Informers } from './informer.ts'

export interface Onward {
  /** `namespace/name`. */
  service: string
  port: { name?: string; number?: number }
  path: string
  why: string
  /** What the request has on its way, where that is not what it came with. */
  headers?: Record<string, string>
  /** What becomes of the answer. */
  answer?(reply: HttpReply): HttpReply
}

/** The proxy answers itself. */
export interface OwnReply {
  reply: HttpReply
  why: string
}

export interface Forwarder {
  /** `at`: the proxy's pod, the port that the request has come to, and what the program has said to it. */
  route(request: HttpRequest, at: { pod: Pod | undefined; port: number; told: HttpReply }): Onward | OwnReply
  /** After a load the table is made anew. */
  forget(): void
}

export type MakeForwarder = (informers: Informers, world: World) => Forwarder

/** The page of a server (nginx, unless it is called otherwise) that has nothing better to say. */
export const page = (status: number, title: string, server = 'nginx'): HttpReply => {
  const heading = `${status} ${title}`
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html>\r\n<head><title>${heading}</title></head>\r\n<body>\r\n<center><h1>${heading}</h1></center>\r\n<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`,
  }
}
