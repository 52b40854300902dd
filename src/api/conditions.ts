/** What objects say of themselves. */
interface Conditioned {
  status?: { conditions?: readonly { type: string; status: string }[] } | undefined
}

/** Whether a condition is there, and true. */
export const isTrue = ({ status }: Conditioned, type: string): boolean =>
  status?.conditions?.some((each) => each.type === type && each.status === 'True') ?? false
