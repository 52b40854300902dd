/** Why a system call failed, with its number as nginx tells it. */
const NUMBERS: Readonly<Record<string, number>> = {
  'Operation not permitted': 1,
  'No such file or directory': 2,
  'Permission denied': 13,
  'Not a directory': 20,
  'Is a directory': 21,
  'Read-only file system': 30,
}

/** `2: No such file or directory`. */
export const numbered = (why: string): string => `${NUMBERS[why] ?? 5}: ${why}`
