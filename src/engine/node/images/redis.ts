/** redis: a key-value server on port 6379; also the guestbook's leader and followers. */
import { image } from '../image.ts'
import { dashTime } from '../web.ts'

export const redis = image({
  name: 'redis',
  also: ['gb-redis-follower', 'gb-redis-leader', 'gb-redisslave', 'redis-slave', 'valkey'],
  sizeMb: 52,
  system: 'debian',
  extras: ['bash', 'getent'],
  entrypoint: ['docker-entrypoint.sh'],
  command: ['redis-server'],
  words: ['/run.sh'],
  env: { REDIS_VERSION: '8.2.1' },
  start(host) {
    host.out(`1:C ${dashTime(host.now)} * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n`)
    host.out(`1:M ${dashTime(host.now)} * Running mode=standalone, port=6379.\n`)
    host.out(`1:M ${dashTime(host.now)} * Ready to accept connections tcp\n`)
    return null
  },
  commands: { 'redis-cli': (argv) => ({ out: argv.includes('ping') || argv.includes('PING') ? 'PONG\n' : 'OK\n', code: 0 }) },
  listens: () => [6379],
  memoryMi: () => 4,
})
