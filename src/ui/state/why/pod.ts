/** Why a pod does not serve: no machine, no image, no start, a crash, or a check that it does not pass. */
import type { ContainerStatus, Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { humanDuration, parseTime } from '#api/time.ts'
import { t } from '../../words/index.ts'
import type { Desk } from '../desk.ts'
import { uidOf } from '../scene.ts'
import type { Explained, Finding } from './index.ts'

export function whyPod(desk: Desk, object: AnyObject): Explained | null {
  const pod = object as unknown as Pod
  if (object.metadata.deletionTimestamp) return null
  if (!pod.spec.nodeName) return whyPending(desk, pod)
  const findings = (pod.status?.containerStatuses ?? []).flatMap((status) => containerFindings(desk, pod, status))
  const init = (pod.status?.initContainerStatuses ?? []).find((c) => !c.state?.terminated && !c.ready)
  if (init)
    findings.unshift({
      tone: 'wait',
      title: t('Init container {name}', { name: init.name }),
      text: t('The others start when it has ended well.'),
    })
  if (pod.status?.reason === 'Evicted') findings.push({ tone: 'bad', title: 'Evicted', text: pod.status.message ?? '' })
  const bad = findings.some((f) => f.tone !== 'ok')
  return findings.length > 0 ? { question: bad ? t('Why is it not ready?') : t('Is all well with it?'), findings } : null
}

function whyPending({ verdict }: Desk, pod: Pod): Explained {
  if (pod.spec.schedulingGates?.length) {
    const names = pod.spec.schedulingGates.map((gate) => gate.name).join(', ')
    return {
      question: t('Why does it wait?'),
      findings: [
        {
          tone: 'wait',
          title: t('Scheduling gates'),
          text: t('{names}: the scheduler does not look at it until they are taken off.', { names }),
        },
      ],
    }
  }
  const known = verdict.getState().verdict
  const mine = known?.pod === `${pod.metadata.namespace}/${pod.metadata.name}` ? known : null
  const rows: Finding[] = [...(mine?.byNode ?? [])].map(([node, word]) => ({
    tone: 'bad',
    title: node,
    text: `${word.short.replace(/^no: /, '')} (${word.long})`,
  }))
  const fixes: Finding[] = (mine?.fixes ?? []).map((fix) => ({
    tone: 'wait',
    title: t('Smallest change'),
    text: fix.text,
    ...(fix.command ? { command: fix.command } : {}),
  }))
  const none: Finding = { tone: 'wait', title: t('Scheduler'), text: t('It has not looked at this pod yet.') }
  return { question: t('Why has it no machine?'), findings: rows.length + fixes.length > 0 ? [...rows, ...fixes] : [none] }
}

function containerFindings(desk: Desk, pod: Pod, status: ContainerStatus): Finding[] {
  const { name, state, lastState, restartCount } = status
  const title = t('Container {name}', { name })
  const logs = `kubectl logs ${pod.metadata.name}${pod.spec.containers.length > 1 ? ` -c ${name}` : ''}`
  const ended = lastState?.terminated ?? state?.terminated
  const found: Finding[] = []
  const waiting = state?.waiting
  if (waiting?.reason && /Image|ErrImage/.test(waiting.reason))
    found.push(
      {
        tone: 'bad',
        title,
        text: `${waiting.reason}: ${waiting.message || t('its image {image} cannot be pulled', { image: status.image })}`,
      },
      ...imageAdvice(desk, pod, status, waiting.message ?? ''),
    )
  else if (waiting?.reason === 'CrashLoopBackOff')
    found.push({
      tone: 'bad',
      title,
      text: t('It ended {restartCount} times; each time the kubelet waits longer before it starts it again.', { restartCount }),
      command: `${logs} --previous`,
    })
  else if (waiting?.reason)
    found.push({
      tone: /Config|Error/.test(waiting.reason) ? 'bad' : 'wait',
      title,
      text: `${waiting.reason}${waiting.message ? `: ${waiting.message}` : ''}`,
    })
  if (ended && (ended.exitCode !== 0 || restartCount > 0))
    found.push(endOf(desk, title, ended, restartCount, `${logs} --previous`))
  if (state?.running && !status.ready) found.push(notReady(desk, pod, title, status))
  if (found.length === 0 && status.ready) found.push({ tone: 'ok', title, text: t('It runs and passes its checks.') })
  return found
}

/** The registry's words in plain ones, and the command that gives another name to whoever makes such pods. */
function imageAdvice({ scene }: Desk, pod: Pod, { name, image }: ContainerStatus, message: string): Finding[] {
  const asked = pod.spec.containers.find((c) => c.name === name)?.image ?? image
  const [, base = asked, tag = 'latest'] = /^(.+?)(?::([^:/]+))?$/.exec(asked) ?? []
  const text = /access denied/.test(message)
    ? t('There is no image {image} there, or it is private: look for a slip in its name.', { image: base })
    : /not found/.test(message)
      ? t('There is no version {tag} of {image}: look at what stands behind the colon.', { tag, image: base })
      : /no such host|i\/o timeout|refused|deadline/.test(message)
        ? t('Its registry cannot be reached. The name may be right: it is tried again and again.')
        : ''
  if (text === '') return []
  const owner = scene.owners(pod as unknown as AnyObject).at(-1)
  const whose = owner ? `${owner.kind.toLowerCase()}/${owner.metadata.name}` : `pod/${pod.metadata.name}`
  const there = pod.metadata.namespace === 'default' ? '' : ` -n ${pod.metadata.namespace}`
  const command = /no such host|timeout|refused|deadline/.test(message)
    ? {}
    : { command: `kubectl set image ${whose} ${name}=IMAGE${there}` }
  return [{ tone: 'wait', title: t('Smallest change'), text, ...command }]
}

type Ended = NonNullable<NonNullable<ContainerStatus['lastState']>['terminated']>

function endOf({ clock }: Desk, title: string, ended: Ended, restarts: number, command: string): Finding {
  const ago = ended.finishedAt
    ? t(' {time} ago', { time: humanDuration(Math.max(0, clock.now() - parseTime(ended.finishedAt))) })
    : ''
  const why =
    ended.reason === 'OOMKilled'
      ? t('it wanted more memory than its limit, and the kernel killed it')
      : ended.exitCode === 137
        ? t('it was killed (SIGKILL)')
        : ended.exitCode === 143
          ? t('it was told to end (SIGTERM)')
          : ended.exitCode === 0
            ? t('it had done its work; its restart policy starts it again')
            : t('it ended with exit code {code}', { code: ended.exitCode })
  return {
    tone: ended.exitCode === 0 ? 'ok' : 'bad',
    title,
    text: t('Last end{ago}: {why}. Restarts so far: {restarts}.', { ago, why, restarts }),
    command,
  }
}

/** The kubelet's own words about the check that failed, when it has said any. */
function notReady({ scene }: Desk, pod: Pod, title: string, status: ContainerStatus): Finding {
  const unhealthy = scene.eventsOf(uidOf(pod)).find((event) => event['reason'] === 'Unhealthy')
  const probe = pod.spec.containers.find((c) => c.name === status.name)?.readinessProbe
  if (unhealthy)
    return {
      tone: 'bad',
      title,
      text: t('It runs, but does not pass its check: {message}', { message: String(unhealthy['message'] ?? '') }),
    }
  return {
    tone: 'wait',
    title,
    text: probe
      ? t('It runs; its readiness check comes every {n} s and has not passed yet. Until then no Service sends to it.', {
          n: probe.periodSeconds ?? 10,
        })
      : t('It runs, and is about to be ready.'),
  }
}
