/** The names of all programs: an image's file tree needs no more of them, and stands before their code is loaded. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** What busybox has in `/bin`. */
export const appletNames: readonly string[] = words(`
  awk gawk mawk date dd echo expr find grep egrep fgrep ls printf sed tar vi wc md5sum sha1sum sha256sum sha512sum base64
  od hexdump hd xxd strings cut tr paste expand unexpand split column dos2unix unix2dos diff cmp cp mv rm mkdir rmdir ln
  touch mkfifo hostname uname nproc free uptime arch hostid pwd clear reset dmesg tty which stty busybox sysctl nslookup
  ping ping6 nc netcat ncat telnet ip ifconfig netstat ss httpd less more basename dirname readlink realpath mktemp chmod chown
  chgrp ps top kill killall pidof pgrep pkill env printenv xargs timeout watch time nohup nice setsid ionice stdbuf
  chroot sort uniq comm shuf stat du df truncate mount umount sync mountpoint test [ cat head tail tee tac rev nl fold
  sleep usleep true false yes seq id whoami groups logname wget gzip gunzip zcat sh ash
`)

/** Programs that an image has only when it brings them, and what the kernel itself needs. */
export const otherNames: readonly string[] = words(`
  exec dash bash zsh nslookup-1.28 procps curl dig git git-http openssl host getent apk apt-get apt yum dnf microdnf
`)
