/** Names that are one slip away from an official image: Docker Hub has no such repository, as with `ngnix`. */
const OFFICIAL =
  'nginx redis httpd mysql mariadb postgres mongo mono busybox alpine ubuntu debian fedora python golang memcached rabbitmq wordpress traefik haproxy elasticsearch cassandra zookeeper'.split(
    ' ',
  )

export const isSlip = (repository: string): boolean => {
  const name = repository.replace(/^library\//, '')
  return !OFFICIAL.includes(name) && OFFICIAL.some((right) => isOneSlip(name, right))
}

/** One letter more, less or another, or two that have changed places. */
function isOneSlip(name: string, right: string): boolean {
  if (Math.abs(name.length - right.length) > 1) return false
  let from = 0
  while (from < right.length && name[from] === right[from]) from += 1
  const [rest, rightRest] = [name.slice(from), right.slice(from)]
  const swapped = rest[0] === rightRest[1] && rest[1] === rightRest[0] && rest.slice(2) === rightRest.slice(2)
  const others = [
    [1, 1],
    [1, 0],
    [0, 1],
  ]
  return swapped || others.some(([a, b]) => rest.slice(a) === rightRest.slice(b))
}
