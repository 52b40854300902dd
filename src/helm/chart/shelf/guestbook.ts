/** The guestbook of kubernetes.io's tutorial as a chart, with its Redis as a subchart that can be switched off. */
import type { ChartFile } from '../chart.ts'
import { redis } from './redis.ts'

export const guestbook: ChartFile[] = [
  {
    name: 'Chart.yaml',
    data: `apiVersion: v2
name: guestbook
description: A guestbook with its database, from one command
type: application
version: 0.1.0
appVersion: "v5"
dependencies:
  - name: redis
    version: 0.2.0
    condition: redis.enabled
`,
  },
  {
    name: 'values.yaml',
    data: `replicas: 3
image: us-docker.pkg.dev/google-samples/containers/gke/gb-frontend
service:
  type: NodePort
  port: 80
redis:
  enabled: true
`,
  },
  {
    name: 'templates/frontend.yaml',
    data: `apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-frontend
spec:
  type: {{ .Values.service.type }}
  ports:
    - port: {{ .Values.service.port }}
      targetPort: 80
  selector:
    app: guestbook
    release: {{ .Release.Name }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-frontend
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: { app: guestbook, release: {{ .Release.Name }} }
  template:
    metadata:
      labels: { app: guestbook, release: {{ .Release.Name }} }
    spec:
      containers:
        - name: php-redis
          image: "{{ .Values.image }}:{{ .Chart.AppVersion }}"
          env:
            - name: GET_HOSTS_FROM
              value: dns
            {{- if .Values.redis.enabled }}
            - name: REDIS_HOST
              value: {{ .Release.Name }}-redis
            {{- end }}
          ports:
            - containerPort: 80
`,
  },
  {
    name: 'templates/NOTES.txt',
    data: `The guestbook {{ .Release.Name }} has {{ .Values.replicas }} frontends{{ if .Values.redis.enabled }} and its own Redis{{ end }}.
`,
  },
  ...redis.map(({ name, data }) => ({ name: `charts/redis/${name}`, data })),
]
