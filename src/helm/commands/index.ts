/** All commands. Adding one: its file, and a line here. */
import type { Command } from '../command.ts'
import { envCommand, refusedCommands, versionCommand } from './about.ts'
import { createCommand, dependencyCommand, packageCommand, pullCommand, showCommand } from './charts.ts'
import { getCommand } from './get.ts'
import { installCommand } from './install.ts'
import { lintCommand } from './lint.ts'
import { historyCommand, listCommand, statusCommand } from './look.ts'
import { rollbackCommand, testCommand, uninstallCommand } from './releases.ts'
import { repoCommand, searchCommand } from './repositories.ts'
import { templateCommand } from './template.ts'
import { upgradeCommand } from './upgrade.ts'

export const commands: readonly Command[] = [
  createCommand,
  dependencyCommand,
  envCommand,
  getCommand,
  historyCommand,
  installCommand,
  lintCommand,
  listCommand,
  packageCommand,
  pullCommand,
  repoCommand,
  rollbackCommand,
  searchCommand,
  showCommand,
  statusCommand,
  templateCommand,
  testCommand,
  uninstallCommand,
  upgradeCommand,
  versionCommand,
  ...refusedCommands,
]
