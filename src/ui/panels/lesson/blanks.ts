/** Commands of a lesson with something left for the learner to fill in: `NAME`, or an ellipsis. */
const BLANK = /…|(?<![=,\w])NAME\b(?!:)/

/** Whether a line can be run as it stands. */
export const isWhole = (line: string): boolean => !BLANK.test(line)
