/** Flags of `kubectl debug` that do not go together, in the order in which kubectl complains. */
import type { Dict } from '#api/patch/parts.ts'
import { type Context, KubectlError } from '../../command.ts'
import { checkCustom } from './custom.ts'

const INVALID = 'invalid reference format'
/** A name of an image, roughly: the host may have a port, the rest a tag or a digest. */
const REFERENCE =
  /^(?:[a-zA-Z0-9][\w.-]*(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][\w+.-]*:[0-9a-fA-F]{32,})?$/

export function checkDebug(context: Context, custom: Dict | undefined): void {
  const { args, flags, rest, io } = context
  const [image, container] = [flags.text('image'), flags.text('container')]
  if (flags.is('attach') && flags.has('attach') && !image && !container)
    throw new KubectlError('you must specify --container or create a new container using --image in order to attach.')
  if (flags.text('copy-to')) {
    if (!image && !flags.has('set-image') && rest.length === 0)
      throw new KubectlError('you must specify --image, --set-image or command arguments.')
    if (rest.length > 0 && !container && !image)
      throw new KubectlError('you must specify an existing container or a new image when specifying args.')
  } else {
    for (const name of ['replace', 'same-node']) if (flags.is(name)) throw onlyCopies(name)
    if (flags.has('set-image')) throw onlyCopies('set-image')
    if (!image) throw new KubectlError('you must specify --image when not using --copy-to.')
  }
  if (image && !REFERENCE.test(image)) throw new KubectlError(`invalid image name ${JSON.stringify(image)}: ${INVALID}`)
  if (args.length === 0 && !flags.has('filename')) throw new KubectlError('NAME or filename is required for debug')
  const policy = flags.text('image-pull-policy')
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(policy)) throw new KubectlError(`invalid image pull policy: ${policy}`)
  checkImages(flags.all('set-image'))
  const target = flags.text('target')
  if (target && flags.text('copy-to'))
    throw new KubectlError('--target is incompatible with --copy-to. Use --share-processes instead.')
  if (target && !flags.is('quiet'))
    io.out(
      `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
    )
  if (flags.is('tty') && !flags.is('stdin')) throw new KubectlError('-i/--stdin is required for containers with -t/--tty=true')
  checkCustom(custom)
  if (flags.text('profile') === 'legacy')
    io.err(
      '--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended to specify other profile, for example "--profile=general".\n',
    )
}

const onlyCopies = (name: string): KubectlError => new KubectlError(`--${name} may only be used with --copy-to.`)

function checkImages(pairs: readonly string[]): void {
  for (const pair of pairs.flatMap((pair) => pair.split(','))) {
    const [name = '', image] = pair.split('=')
    if (image === undefined)
      throw new KubectlError(
        `invalid argument ${JSON.stringify(pair)} for "--set-image" flag: ${pair} must be formatted as key=value\nSee 'kubectl debug --help' for usage.`,
      )
    if (!REFERENCE.test(image))
      throw new KubectlError(`invalid image name ${JSON.stringify(image)} for container ${JSON.stringify(name)}: ${INVALID}`)
  }
}
