/** The loops that run inside the API server and look after definitions of custom resources (apiextensions-apiserver). */
import type { ControllerDeclaration } from '../../machinery/controller.ts'
import { apiApproval } from './api-approval.ts'
import { establishing } from './establishing.ts'
import { finalizer } from './finalizer.ts'
import { naming } from './naming.ts'
import { registering } from './registering.ts'

export const definitionControllers: readonly ControllerDeclaration[] = [naming, establishing, apiApproval, finalizer, registering]
