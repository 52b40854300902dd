/** HTTP between simulated processes: what containers, probes, proxies and traffic sources exchange. */

/**
 * Datagrams travel as requests, too: by the transport `UDP`, the data as body. UDP's ports are numbered from here on where a program
 * says on which ports it listens, so that both protocols share a table. A reply with status 0 is none. What is sent over a connection without being
 * HTTP has the transport `TCP`: all of it as body, and so what comes back; `CONNECT` only begins a connection. What is HTTP has none.
 */
export type Transport = 'TCP' | 'UDP' | 'SCTP' | 'CONNECT'
export const UDP = 65_536
/** SCTP's begin here. Of an association that it comes about, and one message that is answered, are simulated: transport `SCTP`, the message as its body. */
export const SCTP = 2 * UDP

/** How a port is known to whoever listens on it. */
export const listenedPort = (protocol: string, port: number): number =>
  protocol === 'UDP' ? port + UDP : protocol === 'SCTP' ? port + SCTP : port

export interface HttpRequest {
  method: string
  transport?: Transport
  /** Path with query. */
  path: string
  /** Header names in lower case. */
  headers?: Record<string, string>
  body?: string
  /** Address it comes from, as the server sees it. */
  from?: string
  /** One that stands for so many. */
  times?: number
  /** Which of those that stand for many it is: they go to endpoints in turn, where single ones go by chance. */
  turn?: number
  /** Within TLS, as far as it is told: by who follows a URL. */
  tls?: boolean
  /** Whose certificate the client has shown: programs in containers have none. */
  certificate?: string
  /**
   * The connection speaks this: what it says travels as a value, and whoever does not know the protocol reads `body`. Only
   * clients in images set it: nothing that a user writes comes to stand here.
   */
  protocol?: string
  message?: unknown
}

export interface HttpReply {
  status: number
  body: string
  headers?: Record<string, string>
  /** Time the server takes to answer. */
  ms?: number
  /** It does not answer itself: it sends the request on, by the network's table of such routes (machinery/forwarder.ts). */
  forward?: 'ingress' | 'gateway' | 'apiserver' | 'etcd'
  /** A watch that goes on: whoever asked reads it from here. Nothing keeps it. */
  session?: unknown
  /** It is said in the protocol that the request speaks. */
  protocol?: string
  message?: unknown
}

/** Why no HTTP answer came: the words a client's operating system has for it, or curl's where the connection was just closed. */
export type NoReply = 'connection refused' | 'timeout' | 'no route to host' | 'no such host' | 'empty reply'

export type HttpOutcome = { ok: true; reply: HttpReply } | { ok: false; why: NoReply }

/** Who asks from within the cluster: a pod, or with an empty uid its node itself. */
export interface Asker {
  node: string
  podUid: string
  ip: string
  namespace: string
}

/** A request of somebody within the cluster to a name or address. */
export type Fetch = (from: Asker, host: string, port: number, request: HttpRequest) => HttpOutcome
