/** The door to git for hosts that load it after the rest; tests and the terminal come in here, too. */
import { gitHttp } from './http-server.ts'
import { git } from './program.ts'
import { provideGit } from './slot.ts'

export const enableGit = (): void => provideGit({ git, http: gitHttp })
