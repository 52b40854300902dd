/** Whoever runs a cluster for this page: a worker of its own, or a room in one that several share. */
import type { PortLike } from '#transport/worker-port.ts'

export interface Hired {
  port: PortLike
  end(): void
  /** `tell` is called when the worker dies, or cannot be had. */
  failed(tell: (message: string) => void): void
}
export type Hire = () => Hired
