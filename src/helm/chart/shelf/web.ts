/** A web server behind a Service, in two versions: something to upgrade. */
import type { ChartFile } from '../chart.ts'
import { scaffold } from '../scaffold.ts'

const described = (version: string, appVersion: string): string => `apiVersion: v2
name: web
description: A web server behind a Service, with room to grow
type: application
version: ${version}
appVersion: "${appVersion}"
keywords: [nginx, http]
`

const chart = (version: string, appVersion: string): ChartFile[] =>
  scaffold('web').map((file) => (file.name === 'Chart.yaml' ? { ...file, data: described(version, appVersion) } : file))

export const web: readonly ChartFile[][] = [chart('1.0.0', '1.27'), chart('1.1.0', '1.28')]
