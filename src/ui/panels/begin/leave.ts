/** Leaving a cluster for another: what was done here stays behind the browser's Back button, as a link that does it again. */
import type { Desk } from '../../state/desk.ts'
import { linkTo } from '../../state/link.ts'
import { ADDRESS } from '../../state/session-keeper.ts'

/** Browsers refuse addresses of some megabytes, some earlier than others. */
const LONGEST = 500_000

export type Farewell = 'kept' | 'long'

/** Whether the session fits into the history, and the link to it. */
export async function farewellOf({ simulation }: Desk): Promise<{ kind: Farewell; link: string }> {
  const session = await simulation?.session()
  const link = session ? linkTo(location.href, session) : ''
  return link.length < LONGEST ? { kind: 'kept', link } : { kind: 'long', link: '' }
}

export async function begin(desk: Desk, address: string): Promise<void> {
  const { link } = await farewellOf(desk).catch(() => ({ link: '' }))
  try {
    // Also where the address is the one it was before: a new cluster was asked for.
    sessionStorage.removeItem(ADDRESS)
    if (link) history.replaceState(history.state, '', link)
  } catch {
    // A browser without storage, or one that takes no such address: the session goes.
  }
  location.assign(address)
}
