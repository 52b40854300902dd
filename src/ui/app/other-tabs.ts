/** Other tabs of this page: each has a cluster of its own, but they share the editor's files; one says so to the later. */
import type { Stop } from '#api/request.ts'
import type { Desk } from '../state/desk.ts'
import { t } from '../words/index.ts'

const CHANNEL = 'tabernetes.tabs'

export function otherTabs({ lifeline, options }: Desk): Stop {
  if (typeof BroadcastChannel === 'undefined' || options.embed) return () => {}
  let channel: BroadcastChannel
  try {
    channel = new BroadcastChannel(CHANNEL)
  } catch {
    return () => {}
  }
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data === 'anybody?') channel.postMessage('here')
    else if (data === 'here')
      lifeline.setState(({ notice }) => ({
        notice:
          notice ||
          t(
            'This page is open in another tab too. Each has its own cluster; files and progress are shared, and what is written last stays.',
          ),
      }))
  }
  channel.postMessage('anybody?')
  return () => channel.close()
}
