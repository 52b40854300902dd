import { expect, it } from 'vitest'
import { isWhole } from './blanks.ts'

it('a command with blanks cannot be run as it stands', () => {
  for (const line of [
    'kubectl delete pod NAME',
    'kubectl set env deployment/db NAME=value',
    'kubectl exec caller -- wget http://NAME',
    'kubectl autoscale deployment web --cpu=50% --min=… --max=…',
  ])
    expect(isWhole(line), line).toBe(false)
  for (const line of ['kubectl get pods', 'kubectl get pods -o custom-columns=NAME:.metadata.name,QOS:.status.qosClass'])
    expect(isWhole(line), line).toBe(true)
})
