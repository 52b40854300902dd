/** redis: a key-value server on port 6379; also the guestbook's leader and followers. */
import { image } from '../image.ts'
import { REDIS, redisCli, redisPrompt } from './redis-client.ts'
import { http, portOf, type RedisState, start, text, wake } from './redis-server.ts'

export const redis = image<RedisState>({
  name: 'redis',
  also: ['gb-redis-follower', 'gb-redis-leader', 'gb-redisslave', 'redis-slave', 'valkey'],
  sizeMb: 52,
  system: 'debian',
  extras: ['bash', 'getent'],
  entrypoint: ['docker-entrypoint.sh'],
  command: ['redis-server'],
  words: ['/run.sh'],
  env: { REDIS_VERSION: '8.2.1' },
  start,
  wake,
  http,
  speaks: REDIS,
  text,
  commands: { 'redis-cli': redisCli },
  prompts: { 'redis-cli': redisPrompt },
  listens: (_, host) => [portOf(host)],
  memoryMi: () => 4,
})
