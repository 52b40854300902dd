/** The cluster's certificate authority where nobody hands in another: a key that everybody may read, for a world that isn't real. */

import type { CertificateAuthority } from './machinery/issued-certificates.ts'

export type { CertificateAuthority }

export const ROOT: CertificateAuthority = {
  certificate: `-----BEGIN CERTIFICATE-----
MIIBkjCCATegAwIBAgIUGppr4FNEMIO0ycNfqRq+31AwUYIwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKa3ViZXJuZXRlczAgFw0yNjExMjkyMDU3MTJaGA8yMTI2MTEw
NTIwNTcxMlowFTETMBEGA1UEAwwKa3ViZXJuZXRlczBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABARaywf7cSUZEa2oiuRRupOBZAP0OkFgVk+YlcZGGEuSoh+T8akb
2mOGaSZTDBDkCJuAMVC6sfHm60vzho+mjz+jYzBhMB0GA1UdDgQWBBQ/RwNiSS+A
ZoQJm+Rso9FoaNHx3TAfBgNVHSMEGDAWgBQ/RwNiSS+AZoQJm+Rso9FoaNHx3TAP
BgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIChDAKBggqhkjOPQQDAgNJADBG
AiEApWiu8+qG8DNueVJSr+NUWvPkiIi7qsjGUBOSak1bTzYCIQDgBsNVPKNxB/S2
zUoK1hZm4vsTtkaEzyrPPyHAQX8b/Q==
-----END CERTIFICATE-----
`,
  key: '6d7a61e489541c6a49965597a33764b6cb1825767717d9ef43f6138553439a81',
}
