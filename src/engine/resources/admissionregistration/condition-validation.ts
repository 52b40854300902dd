/** What is wrong with match conditions. */
import { duplicate, invalid, required, tooMany } from '#api/field-error.ts'
import { isQualifiedName } from '#api/names.ts'
import { types } from '../../apiserver/cel/index.ts'
import type { MatchCondition } from '../../apiserver/policy/conditions.ts'
import { PolicyCompiler } from '../../apiserver/policy/environment.ts'
import type { Found } from '../pod/checks.ts'

const MOST = 64
/** Conditions know no variables. */
const compiler = new PolicyCompiler(false)

export function matchConditions(found: Found, path: string, conditions: readonly MatchCondition[], params: boolean): void {
  if (conditions.length > MOST) found.push(tooMany(path, conditions.length, MOST))
  const seen = new Set<string>()
  for (const [i, { name = '', expression = '' }] of conditions.entries()) {
    const at = `${path}[${i}]`
    const trimmed = expression.trim()
    if (trimmed === '') found.push(required(`${at}.expression`))
    else {
      const { error } = compiler.compile(trimmed, { params, authorizer: true }, types.BOOL)
      if (error) found.push(invalid(`${at}.expression`, trimmed, error))
    }
    if (name === '') found.push(required(`${at}.name`))
    for (const wrong of name === '' ? [] : isQualifiedName(name)) found.push(invalid(`${at}.name`, name, wrong))
    if (name !== '' && seen.has(name)) found.push(duplicate(`${at}.name`, name))
    seen.add(name)
  }
}
