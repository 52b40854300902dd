/** Servers of which a lesson only needs that they start, say so, and listen. */
import { type Image, image } from '../image.ts'
import { accessLine } from '../web.ts'

interface Row {
  names: string[]
  sizeMb: number
  ports: number[]
  ready: string
  memoryMi: number
  /** Body of its HTTP answers; absent: it speaks something else. */
  page?: string
  /** Whom its image names; root when absent. */
  user?: number
}

const ROWS: Row[] = [
  {
    names: ['rabbitmq'],
    sizeMb: 110,
    ports: [5672, 15672],
    ready: ' Server startup complete; 4 plugins started.',
    memoryMi: 120,
  },
  { names: ['nats'], sizeMb: 8, ports: [4222], ready: '[INF] Server is ready', memoryMi: 10 },
  {
    names: ['elasticsearch'],
    sizeMb: 450,
    ports: [9200],
    ready: 'started',
    memoryMi: 900,
    page: '{"tagline":"You Know, for Search"}\n',
  },
  {
    names: ['wordpress'],
    sizeMb: 220,
    ports: [80],
    ready: "AH00094: Command line: 'apache2 -D FOREGROUND'",
    memoryMi: 40,
    page: '<html><title>WordPress</title></html>\n',
  },
  {
    names: ['ghost'],
    sizeMb: 180,
    ports: [2368],
    ready: 'Ghost booted',
    memoryMi: 90,
    page: '<html><title>Ghost</title></html>\n',
  },
  {
    names: ['tomcat'],
    sizeMb: 160,
    ports: [8080],
    ready: 'Server startup in [512] milliseconds',
    memoryMi: 120,
    page: '<html><title>Apache Tomcat</title></html>\n',
  },
  {
    names: ['jenkins'],
    sizeMb: 250,
    ports: [8080, 50000],
    ready: 'Jenkins is fully up and running',
    memoryMi: 400,
    page: '<html><title>Jenkins</title></html>\n',
  },
  {
    names: ['prometheus'],
    sizeMb: 110,
    ports: [9090],
    ready: 'msg="Server is ready to receive web requests."',
    memoryMi: 60,
    page: 'Prometheus Server is Ready.\n',
  },
  {
    names: ['node-exporter'],
    sizeMb: 13,
    ports: [9100],
    ready: 'msg="Listening on" address=[::]:9100',
    memoryMi: 10,
    page: 'node_exporter\n',
  },
  {
    names: ['grafana'],
    sizeMb: 130,
    ports: [3000],
    ready: 'msg="HTTP Server Listen" address=[::]:3000',
    memoryMi: 60,
    page: '<html><title>Grafana</title></html>\n',
  },
  {
    names: ['nodejs-hello-world'],
    sizeMb: 40,
    ports: [3000],
    ready: 'Magic happens on port 3000',
    memoryMi: 20,
    page: 'Hello World',
  },
  {
    names: ['nginx-unprivileged'],
    sizeMb: 60,
    ports: [8080],
    ready: 'start worker processes',
    memoryMi: 6,
    page: '<html><h1>Welcome to nginx!</h1></html>\n',
    user: 101,
  },
]

const declare = ({ names: [name = '', ...also], sizeMb, ports, ready, memoryMi, page, user }: Row): Image =>
  image<null>({
    name,
    also,
    sizeMb,
    ...(user === undefined ? {} : { user }),
    entrypoint: ['docker-entrypoint.sh'],
    start(host) {
      host.out(`${ready}\n`)
      return null
    },
    listens: () => ports,
    http(request, state, host) {
      if (page === undefined) return [{ status: 400, body: '' }, state]
      const reply = { status: 200, body: page }
      host.out(`${accessLine(request, reply, host)}\n`)
      return [reply, state]
    },
    memoryMi: () => memoryMi,
  })

export const wellKnown: readonly Image[] = ROWS.map(declare)
