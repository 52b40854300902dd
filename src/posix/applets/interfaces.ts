/** Programs about the machine's links and addresses: ip, ifconfig. */
import { may } from '../privileges.ts'
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'

const own = (sys: Sys): string => {
  const read = sys.text('/etc/hosts')
  const line = failed(read)
    ? undefined
    : read.text.split('\n').find((each) => each.split(/\s+/).includes(sys.kernel.state.hostname))
  return line?.split(/\s+/)[0] ?? '127.0.0.1'
}

const CHANGES = /^(add|a|set|s|del|delete|d|change|replace|flush)$/
const LINKS =
  '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue \n    link/ether 02:42:0a:f4:00:02 brd ff:ff:ff:ff:ff:ff\n'

const ip = program({
  name: 'ip',
  run(sys) {
    const [what = '', verb = ''] = sys.args.filter((word) => !word.startsWith('-'))
    const address = own(sys)
    // Changes are for who may make them, and change nothing here.
    if (CHANGES.test(verb))
      return may(sys.kernel, sys.proc, 'NET_ADMIN') ? 0 : sys.fail('RTNETLINK answers: Operation not permitted', 2)
    if (/^l/.test(what)) sys.out(LINKS)
    else if (/^a/.test(what))
      sys.out(
        `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue \n    link/ether 02:42:0a:f4:00:02 brd ff:ff:ff:ff:ff:ff\n    inet ${address}/24 brd ${address.replace(/\d+$/, '255')} scope global eth0\n       valid_lft forever preferred_lft forever\n`,
      )
    else if (/^r/.test(what))
      sys.out(
        `default via ${address.replace(/\d+$/, '1')} dev eth0 \n${address.replace(/\d+$/, '0')}/24 via ${address.replace(/\d+$/, '1')} dev eth0  src ${address} \n`,
      )
    else return sys.misuse()
    return 0
  },
})

const ifconfig = program({
  name: 'ifconfig',
  run(sys) {
    const address = own(sys)
    sys.out(
      `eth0      Link encap:Ethernet  HWaddr 02:42:0A:F4:00:02  \n          inet addr:${address}  Bcast:${address.replace(/\d+$/, '255')}  Mask:255.255.255.0\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n\nlo        Link encap:Local Loopback  \n          inet addr:127.0.0.1  Mask:255.0.0.0\n          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n`,
    )
    return 0
  },
})

export const interfaceApplets: readonly Program[] = [ip, ifconfig]
