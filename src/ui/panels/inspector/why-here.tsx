/** Why this machine: what each of the scheduler's plugins thought of each machine when the pod was placed, or last tried. */
import { useEffect, useState } from 'react'
import type { AnyObject } from '#api/meta.ts'
import type { Explanation, NodeVerdict } from '#api/request.ts'
import { useDesk } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'
import { Section } from './section.tsx'

export function WhyHere({ object }: { object: AnyObject }) {
  const { simulation } = useDesk()
  const [found, setFound] = useState<Explanation | null>(null)
  const { namespace = '', name, resourceVersion } = object.metadata
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew with each version: it may have been tried again
  useEffect(() => {
    let gone = false
    void simulation?.explain(namespace, name).then((answer) => !gone && setFound(answer))
    return () => {
      gone = true
    }
  }, [simulation, namespace, name, resourceVersion])
  if (!found || found.nodes.length === 0) return null
  const plugins = [
    ...new Set(found.nodes.flatMap((n) => [...Object.keys(n.scores ?? {}), ...(n.rejected ? [n.rejected.plugin] : [])])),
  ].filter(Boolean)
  return (
    <Section
      title={found.node ? t('Why {node}? Machine by plugin', { node: found.node }) : t('Machine by plugin')}
      open={!found.node}
    >
      <div className="matrix">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('Machine')}</th>
              {plugins.map((plugin) => (
                <th key={plugin} scope="col" title={plugin}>
                  {plugin.replace(/([a-z])([A-Z])/g, '$1\u200b$2')}
                </th>
              ))}
              <th scope="col">{t('Sum')}</th>
            </tr>
          </thead>
          <tbody>
            {[...found.nodes]
              .sort((a, b) => (b.total ?? -1) - (a.total ?? -1))
              .map((verdict) => (
                <Row key={verdict.node} verdict={verdict} plugins={plugins} chosen={verdict.node === found.node} />
              ))}
          </tbody>
        </table>
      </div>
      {found.unseen > 0 && (
        <p className="empty">{t('{unseen} more machines were not looked at: enough others fit.', { unseen: found.unseen })}</p>
      )}
    </Section>
  )
}

function Row({ verdict, plugins, chosen }: { verdict: NodeVerdict; plugins: readonly string[]; chosen: boolean }) {
  const { rejected, scores, total } = verdict
  return (
    <tr data-chosen={chosen || undefined}>
      <th scope="row" className="mono">
        {verdict.node}
      </th>
      {plugins.map((plugin) => (
        <td
          key={plugin}
          className="num"
          data-no={rejected?.plugin === plugin || undefined}
          title={rejected?.plugin === plugin ? rejected.reasons.join(', ') : plugin}
        >
          {rejected?.plugin === plugin ? `no: ${rejected.reasons.join(', ')}` : (scores?.[plugin] ?? '')}
        </td>
      ))}
      <td className="num">{rejected ? '–' : (total ?? t('fits'))}</td>
    </tr>
  )
}
