/** A Redis with a stable name, for charts and people who need one. */
import type { ChartFile } from '../chart.ts'

export const redis: ChartFile[] = [
  {
    name: 'Chart.yaml',
    data: `apiVersion: v2
name: redis
description: One Redis server as a StatefulSet with a headless Service
type: application
version: 0.2.0
appVersion: "7"
keywords: [redis, cache, database]
`,
  },
  {
    name: 'values.yaml',
    data: `image: redis
# The chart's appVersion when empty.
tag: ""
port: 6379
resources:
  requests: { cpu: 50m, memory: 64Mi }
`,
  },
  {
    name: 'templates/redis.yaml',
    data: `{{- $name := printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
spec:
  clusterIP: None
  ports:
    - name: redis
      port: {{ .Values.port }}
  selector: &labels
    app.kubernetes.io/name: {{ .Chart.Name }}
    app.kubernetes.io/instance: {{ .Release.Name }}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ $name }}
spec:
  serviceName: {{ $name }}
  selector:
    matchLabels:
      app.kubernetes.io/name: {{ .Chart.Name }}
      app.kubernetes.io/instance: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {{ .Chart.Name }}
        app.kubernetes.io/instance: {{ .Release.Name }}
    spec:
      containers:
        - name: redis
          image: "{{ .Values.image }}:{{ .Values.tag | default .Chart.AppVersion }}"
          ports:
            - containerPort: {{ .Values.port }}
          resources: {{- toYaml .Values.resources | nindent 12 }}
`,
  },
]
