/** All small programs. */
import { awk } from '../awk/program.ts'
import { git, gitHttp, openssl } from '../late-slots.ts'
import type { Program } from '../program.ts'
import { vi } from '../vi/program.ts'
import { byteApplets } from './bytes.ts'
import { columnApplets } from './columns.ts'
import { wc } from './count.ts'
import { curl } from './curl.ts'
import { date } from './date.ts'
import { dd } from './dd.ts'
import { diffApplets } from './diff.ts'
import { expr } from './expr.ts'
import { fileApplets, pathApplets } from './files.ts'
import { find } from './find.ts'
import { getent } from './getent.ts'
import { grep } from './grep.ts'
import { zippers } from './gzip.ts'
import { infoApplets } from './info.ts'
import { ls } from './ls.ts'
import { dnsPrograms, netApplets } from './net.ts'
import { packageManagers } from './packages.ts'
import { pagers } from './pager.ts'
import { permissionApplets } from './permissions.ts'
import { echo, printf } from './print.ts'
import { otherProcessPrograms, processApplets } from './processes.ts'
import { runApplets } from './run.ts'
import { sed } from './sed.ts'
import { sortApplets } from './sort.ts'
import { spaceApplets } from './space.ts'
import { tar } from './tar.ts'
import { testApplets } from './test.ts'
import { textApplets } from './text.ts'
import { timeApplets } from './time.ts'
import { userApplets } from './users.ts'
import { webApplets } from './web.ts'

export const applets: readonly Program[] = [
  awk,
  date,
  dd,
  echo,
  expr,
  find,
  grep,
  ls,
  printf,
  sed,
  tar,
  vi,
  wc,
  ...byteApplets,
  ...columnApplets,
  ...diffApplets,
  ...fileApplets,
  ...infoApplets,
  ...netApplets,
  ...pagers,
  ...pathApplets,
  ...permissionApplets,
  ...processApplets,
  ...runApplets,
  ...sortApplets,
  ...spaceApplets,
  ...testApplets,
  ...textApplets,
  ...timeApplets,
  ...userApplets,
  ...webApplets,
  ...zippers,
]

/** Programs that images may hold and busybox does not. */
export const extras: readonly Program[] = [
  curl,
  getent,
  git,
  gitHttp,
  openssl,
  ...dnsPrograms,
  ...otherProcessPrograms,
  ...packageManagers,
]
