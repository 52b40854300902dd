/** German for the reasons that the cluster's parts give for what they do. */
export const reasons: readonly (readonly [RegExp, string])[] = [[/^(\d+) running, (\d+) wanted$/, '$1 laufen, $2 verlangt']]
