/** What JavaScript says when something is too deep for its stack, too long for a text, or too large for a regular expression. */
export const isOverflow = (error: unknown): boolean =>
  error instanceof RangeError || (error instanceof SyntaxError && error.message.startsWith('Invalid regular expression'))
