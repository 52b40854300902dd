/**
 * The worker that runs this page's cluster. The page runs this file first (`early` in vite.config.ts), so that the
 * engine is loaded while the page's own code still is: it is what a first visit waits for.
 */
import type { Hired } from './hire.ts'

/** A page that begins with a click, in another page's engine, or beside a real cluster needs no worker of its own, or not yet. */
const NOT_YET = /[?&](?:ctl|engine|fake|cluster)=/

function start(): Hired {
  const worker = new Worker(new URL('../../worker.ts', import.meta.url), { type: 'module', name: 'cluster' })
  let tell: (message: string) => void = (message) => {
    failure = message
  }
  let failure: string | null = null
  worker.onerror = (event) => {
    event.preventDefault()
    tell(event.message)
  }
  return {
    port: worker,
    end: () => worker.terminate(),
    failed(how) {
      tell = how
      if (failure !== null) how(failure)
    },
  }
}

let early = NOT_YET.test(location.search) || location.pathname.startsWith('/static/') ? null : start()

/** The one that was begun early, once; then others. */
export function clusterWorker(): Hired {
  const hired = early ?? start()
  early = null
  return hired
}
