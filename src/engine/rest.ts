/** What of the engine may be loaded after the first scene stands; a door of its own, as `yaml.ts`. */
import { ADDONS, allAddons } from './addons/index.ts'
import { compile } from './apiserver/cel/compile.ts'
import { compiler } from './apiserver/cel/index.ts'
import { serve } from './apiserver/custom/serve.ts'
import { serving } from './apiserver/custom/serving.ts'
import { ContainerKernel } from './node/container-kernel.ts'
import { kernels } from './node/kernels.ts'
import * as deviceValidation from './resources/dra/checks.ts'
import { deviceChecks } from './resources/dra/later.ts'
import { laterDetails } from './resources/generic.ts'
import { moreDetails } from './resources/more-details.ts'

/** Call it before anything but the usual first scene, and looks at that, is asked of a cluster. */
export function enableRest(): void {
  serving.provide(serve)
  laterDetails.provide(moreDetails)
  kernels.provide(ContainerKernel)
  compiler.provide(compile)
  allAddons.provide(ADDONS)
  deviceChecks.provide(deviceValidation)
}
