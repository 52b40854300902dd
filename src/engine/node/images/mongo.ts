/** mongo: documents on port 27017, and the shells to speak with it; up to release 5 the old one, too. */
import { image } from '../image.ts'
import { mongoPrompt, mongoShell } from './mongo-client.ts'
import { http, MONGO, type MongoState, start } from './mongo-server.ts'
import { CLOSED } from './protocol.ts'

const facts = {
  name: 'mongo',
  also: ['mongodb'],
  sizeMb: 280,
  system: 'debian' as const,
  extras: ['bash', 'getent'],
  entrypoint: ['docker-entrypoint.sh'],
  command: ['mongod'],
  directories: { '/data/db': 999, '/data/configdb': 999 },
  start,
  speaks: MONGO,
  // What is no message of its own ends the connection.
  text: (_input, state) => ['', state],
  http: (request, state, host) => (state ? http(request, state, host) : [CLOSED, state]),
  listens: (state) => (state ? [state.port] : []),
  memoryMi: () => 120,
} satisfies Parameters<typeof image<MongoState | null>>[0]

const old = image<MongoState | null>({
  ...facts,
  commands: { mongosh: mongoShell, mongo: mongoShell },
  prompts: { mongosh: mongoPrompt, mongo: mongoPrompt },
})

export const mongo = image<MongoState | null>({
  ...facts,
  commands: { mongosh: mongoShell },
  prompts: { mongosh: mongoPrompt },
  releases: [{ tags: /^[345](\D|$)/, image: old }],
})
