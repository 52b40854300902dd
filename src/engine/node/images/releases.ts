/** What distributions say of themselves. */

/** alpine 3.21, which many images are built on. */
export const alpineFiles: Readonly<Record<string, string>> = {
  '/etc/alpine-release': '3.21.3\n',
  '/etc/os-release':
    'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.21.3\nPRETTY_NAME="Alpine Linux v3.21"\nHOME_URL="https://alpinelinux.org/"\nBUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"\n',
  '/etc/issue': 'Welcome to Alpine Linux 3.21\nKernel \\r on an \\m (\\l)\n\n',
}
