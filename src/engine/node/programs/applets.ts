/** Which small commands a shell image has. */
const NAMES =
  'true false echo sleep cat test touch rm ls sh env printenv hostname date wget nslookup ps id whoami pwd mkdir printf kill grep seq head tail wc nc ping tee cp mv sort cut uname df top vi dd stat expr basename dirname yes timeout watch xargs sed awk tr uniq find chmod chown ln'
const KNOWN = new Set(NAMES.split(' '))
export const isApplet = (name: string): boolean => KNOWN.has(name)
