/** The middle of the page: the graph, its first hint above it, its caption below, and its twin. */
import { lazy, Suspense } from 'react'
import { Caption } from '../panels/caption/index.tsx'
import { Graph } from '../panels/graph/index.tsx'
import { Boundary } from '../parts/boundary.tsx'
import { Welcome } from './welcome.tsx'

const Tree = lazy(() => import('../panels/tree/index.tsx'))

export function Centre() {
  return (
    <div className="centre" id="cluster">
      <Welcome />
      <Graph>
        <Boundary name="The table">
          <Suspense>
            <Tree />
          </Suspense>
        </Boundary>
      </Graph>
      <Caption />
    </div>
  )
}
