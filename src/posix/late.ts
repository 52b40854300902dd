/** The door to git and openssl for hosts that load them after the rest; tests and the terminal come in here, too. */
import { gitHttp } from './git/http-server.ts'
import { git } from './git/program.ts'
import { provideLate } from './late-slots.ts'
import { openssl } from './openssl/program.ts'

export const enableLate = (): void => provideLate({ git, 'git-http': gitHttp, openssl })
