/** `kubectl config`: kubeconfig files, their contexts, clusters and users. */
import { command } from '../../command.ts'
import { currentContext, deleteContext, getContexts, renameContext, setContext, useContext } from './contexts.ts'
import { setCredentials } from './credentials.ts'
import { deleteCluster, deleteUser, getClusters, getUsers, setCluster } from './entries.ts'
import { set, unset } from './property.ts'
import { view } from './view.ts'

export const config = command({
  name: 'config',
  subcommands: [
    currentContext,
    deleteCluster,
    deleteContext,
    deleteUser,
    getClusters,
    getContexts,
    getUsers,
    renameContext,
    set,
    setCluster,
    setContext,
    setCredentials,
    unset,
    useContext,
    view,
  ],
})
