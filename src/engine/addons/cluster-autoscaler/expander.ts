/** Which of the groups that would help is to grow (expander/): filters one after the other, and chance among what is left. */
import { milliOf, wholeOf } from '#api/quantity.ts'
import type { Estimate } from './estimate.ts'
import type { Run } from './run.ts'
import type { Template } from './templates.ts'

export interface Option extends Estimate {
  group: string
  template: Template
}

/** Those for which `of` is least. */
function least(options: readonly Option[], of: (option: Option) => number): Option[] {
  const scores = options.map(of)
  const best = Math.min(...scores)
  return options.filter((_, i) => scores[i] === best)
}

function waste({ group, nodes, pods, template }: Option, run: Run): number {
  const room = template.node.status?.capacity ?? {}
  const [cpu, memory] = [milliOf(room['cpu']) * nodes, wholeOf(room['memory']) * nodes]
  const asked = (what: 'cpu' | 'memory'): number => pods.reduce((sum, { requests }) => sum + requests[what], 0)
  const wasted = [(cpu - asked('cpu')) / cpu, (memory - asked('memory')) / memory] as const
  const [ofCpu, ofMemory, blended] = [wasted[0] * 100, wasted[1] * 100, (wasted[0] + wasted[1]) * 50].map((n) => n.toFixed(2))
  run.log(1, 'waste.go:56', `Expanding Node Group ${group} would waste ${ofCpu}% CPU, ${ofMemory}% Memory, ${blended}% Blended`)
  return wasted[0] + wasted[1]
}

const FILTERS: Record<string, (options: readonly Option[], run: Run) => Option[]> = {
  'least-waste': (options, run) => least(options, (option) => waste(option, run)),
  'least-nodes': (options) => least(options, ({ nodes }) => nodes),
  'most-pods': (options) => least(options, ({ pods }) => -pods.length),
  random: (options, { context }) => [options[context.world.random('cluster-autoscaler').below(options.length)] as Option],
}

export function bestOption(options: readonly Option[], run: Run): Option {
  let left = options
  for (const name of run.flags.text('expander').split(',')) {
    left = FILTERS[name]?.(left, run) ?? left
    if (left.length === 1) return left[0] as Option
  }
  return FILTERS['random']?.(left, run)[0] as Option
}
