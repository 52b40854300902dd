/** The release whose words these are. */
export const VERSION = '2.39.5'
