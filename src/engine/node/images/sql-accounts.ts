/** SQL about accounts and sessions: every account may do everything, so only what agrees with that is taken; the rest is refused. */
import type { Done, Session } from './sql-run.ts'
import { notHere, type Reader, SqlError } from './sql-words.ts'

const rest = (read: Reader): string[] => {
  const words: string[] = []
  while (!read.over) words.push(read.word().text)
  return words
}

/** `GRANT ALL … TO 'user'@'host'`: what an account has from its beginning here. */
export function grant(read: Reader, session: Session): Done {
  if (!read.take('ALL')) throw notHere('GRANT of single privileges')
  const words = rest(read)
  const user = words[words.findIndex((word) => word.toUpperCase() === 'TO') + 1] ?? ''
  if (Object.hasOwn(session.store.users, user)) return { session, answer: { changed: true } }
  throw new SqlError(1410, '42000', 'You are not allowed to create a user with GRANT')
}

/** Privileges hold at once: there is nothing to flush. */
export function flush(read: Reader, session: Session): Done {
  if (!read.take('PRIVILEGES')) throw notHere(`FLUSH ${read.peek()?.text ?? ''}`)
  read.end()
  return { session, answer: { changed: true } }
}

/** All text is UTF-8, whatever it is called; nothing else can be set. */
export function set(read: Reader, session: Session): Done {
  if (!read.take('NAMES') && !read.take('CHARACTER', 'SET')) throw notHere(`SET ${read.peek()?.text ?? ''}`)
  rest(read)
  return { session, answer: { changed: true } }
}
