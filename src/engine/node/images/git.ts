/** git as a tool (`alpine/git`), and a server of repositories over HTTP (`cirocosta/gitserver-http`). */
import { image } from '../image.ts'
import { alpineFiles } from './releases.ts'

export const alpineGit = image({
  name: 'git',
  owner: 'alpine',
  sizeMb: 30,
  system: 'alpine',
  entrypoint: ['git'],
  command: ['--help'],
  cwd: '/git',
  extras: ['git'],
  files: alpineFiles,
  memoryMi: () => 2,
})

/** Folders below /var/lib/initial become repositories with one commit, as its documentation says. */
const ENTRYPOINT = `#!/bin/sh
set -e
export HOME=/root
mkdir -p /var/lib/git
if [ -d /var/lib/initial ]; then
  for folder in $(find /var/lib/initial -maxdepth 1 -mindepth 1 -type d); do
    name=$(basename $folder)
    [ -d /var/lib/git/$name.git ] && continue
    echo "Initializing repository ./$name"
    place=$(mktemp -d)
    cp -r $folder/* $place
    cd $place
    git init -q
    git add --all .
    git commit -q -m 'first commit'
    git clone -q --bare $place /var/lib/git/$name.git
  done
fi
exec nginx
`
const SETTINGS =
  '[http]\n\treceivepack = true\n\tuploadpack = true\n[user]\n\temail = gitserver@git.com\n\tname = Git Server\n[init]\n\tdefaultBranch = master\n'

export const gitServer = image({
  name: 'gitserver-http',
  owner: 'cirocosta',
  sizeMb: 20,
  system: 'alpine',
  entrypoint: ['entrypoint'],
  command: ['-start'],
  extras: ['bash', 'git'],
  files: { ...alpineFiles, '/usr/local/bin/entrypoint': ENTRYPOINT, '/etc/gitconfig': SETTINGS },
  directories: { '/var/lib/git': 1000 },
  programs: { '/usr/sbin/nginx': 'git-http' },
  memoryMi: () => 8,
})
