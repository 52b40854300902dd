export HOME=/tmp/case/home GIT_AUTHOR_DATE='1767225600 +0000' GIT_COMMITTER_DATE='1767225600 +0000'
umask 022
mkdir -p "$HOME" /tmp/case/w
cd /tmp/case/w
printf '[user]\n\tname = Ada\n\temail = ada@example.com\n' > "$HOME/.gitconfig"
S() {
  git init -q -b main
  echo one > a
  echo b > b
  printf '1\n2\n3\n4\n5\n6\n7\n8\n9\n' > n
  git add .
  git commit -qm first
  printf 'b\nbb\n' > b
  git commit -qam second
}
R() {
  git init -q --bare -b main ../r.git
  git remote add origin ../r.git
  git push -q -u origin main
}
