/** Containers as the Go types see them: which fields vanish, which defaults they have (core/v1 defaults). */
import { pullPolicyOf } from './image-name.ts'
import { resourceList, shape } from './shape.ts'
import { fieldRef, resourceFieldRef } from './shapes-volume.ts'

const headers = shape({ defaults: { value: '' } })
const httpGet = shape({ omit: 'path host scheme', parts: { httpHeaders: headers }, defaults: { path: '/', scheme: 'HTTP' } })
const exec = shape({})
const tcpSocket = shape({ omit: 'host' })

export const probe = shape({
  omit: 'initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold',
  parts: { exec, httpGet, tcpSocket, grpc: shape({ defaults: { service: '' } }) },
  defaults: { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
})

const handler = shape({ parts: { exec, httpGet, tcpSocket, sleep: shape({ defaults: { seconds: 0 } }) } })
const keyRef = shape({ omit: 'name' })

const env = shape({
  omit: 'value',
  parts: {
    valueFrom: shape({
      parts: {
        fieldRef,
        resourceFieldRef,
        configMapKeyRef: keyRef,
        secretKeyRef: keyRef,
        fileKeyRef: shape({ defaults: { optional: false } }),
      },
    }),
  },
})

export const resources = shape({ omit: 'limits requests', parts: { limits: resourceList, requests: resourceList } })

export const seLinuxOptions = shape({ omit: 'user role type level' })
const securityContext = shape({ parts: { capabilities: shape({}), seLinuxOptions } })

/** SetDefaults_Container on top of the constant defaults. Ephemeral containers have the same fields and one more. */
export const container = shape({
  remember: true,
  omit: 'image workingDir terminationMessagePath terminationMessagePolicy imagePullPolicy stdin stdinOnce tty targetContainerName',
  parts: {
    ports: shape({ omit: 'name hostPort protocol hostIP', defaults: { protocol: 'TCP' } }),
    env,
    envFrom: shape({ omit: 'prefix', parts: { configMapRef: keyRef, secretRef: keyRef } }),
    resources,
    volumeMounts: shape({ omit: 'readOnly subPath subPathExpr' }),
    livenessProbe: probe,
    readinessProbe: probe,
    startupProbe: probe,
    lifecycle: shape({ parts: { postStart: handler, preStop: handler } }),
    restartPolicyRules: shape({ omit: 'action', parts: { exitCodes: shape({ omit: 'operator' }) } }),
    securityContext,
  },
  always: ['resources'],
  defaults: { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' },
  finish: (c) => (c.imagePullPolicy ? c : { ...c, imagePullPolicy: pullPolicyOf(c.image ?? '') }),
})
