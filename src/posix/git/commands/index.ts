/** All commands of git that there are. */
import type { Command } from '../command.ts'
import { add, mv, rm } from './add.ts'
import { branch, tag } from './branch.ts'
import { checkout, restore, switchTo } from './checkout.ts'
import { clone } from './clone.ts'
import { commit } from './commit.ts'
import { diff } from './diff.ts'
import { fetch, lsRemote, pull } from './fetch.ts'
import { init } from './init.ts'
import { log, reflog, show } from './log.ts'
import { merge, reset, revert } from './merge.ts'
import { catFile, config, hashObject, lsFiles, lsTree, mergeBase, revParse } from './plumbing.ts'
import { push } from './push.ts'
import { remote } from './remote.ts'
import { status } from './status.ts'

export const commands: readonly Command[] = [
  clone,
  init,
  add,
  mv,
  restore,
  rm,
  diff,
  log,
  show,
  status,
  branch,
  commit,
  merge,
  reset,
  revert,
  switchTo,
  checkout,
  tag,
  fetch,
  pull,
  push,
  remote,
  lsRemote,
  config,
  revParse,
  lsFiles,
  lsTree,
  catFile,
  hashObject,
  mergeBase,
  reflog,
]
