/** A request's way, drawn hop by hop: a rail with one sign for each kind of place, and a cross where it ended. */
import './way.css'
import { Box, Cable, Globe, Route, Scale, Server, ShieldAlert, Signpost, Tag, X } from 'lucide-react'
import type { Flight } from '#api/request.ts'
import { type Place, stationsOf } from '../state/stations.ts'

const SIGNS: Record<Place, typeof Box> = {
  caller: Globe,
  dns: Tag,
  balancer: Scale,
  policy: ShieldAlert,
  proxy: Signpost,
  wire: Cable,
  node: Server,
  pod: Box,
  other: Route,
}

export function Way({ flight }: { flight: Flight }) {
  return (
    <ol className="way">
      {stationsOf(flight).map(({ place, at, did, why, failed }, i) => {
        const Sign = failed ? X : SIGNS[place]
        return (
          <li key={`${i} ${at}`} data-place={place} data-failed={failed || undefined}>
            <span className="sign-spot" aria-hidden="true">
              <Sign size={13} />
            </span>
            <div>
              <span className="mono">{at}</span> {did}
              {why && <i> ({why})</i>}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
