/** The version of kubectl that this one follows. */
export { RELEASE as VERSION } from '#api/release.ts'
