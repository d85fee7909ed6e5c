import { visible } from '../lib/visible.ts'
import { type RefusedPost, refusePost } from '../model/post.ts'
import { repeatable } from '../model/refusal.ts'
import {
  type FieldCondition,
  type Given,
  givenOf,
  keeps,
  type Policy,
  type SizeCondition,
} from './policy-conditions.ts'

const TOKEN = 'x-amz-security-token'
const EXEMPT = /^(file|policy|x-amz-signature|x-ignore-.*)$/s

function checkSize(
  { least, most, written }: SizeCondition,
  size: number | 'deferred' | undefined,
): RefusedPost | undefined {
  if (size === undefined)
    return refusePost(
      'missing-file',
      'The form has no file, whose size its policy limits: send it in the field "file", or name its bytes by contentLength.',
      400,
      { condition: written },
    )
  if (size === 'deferred' || (size >= least && size <= most)) return undefined
  const fault = size < least ? 'is smaller than the minimum' : 'exceeds the maximum'
  const message = `Your proposed upload ${fault} allowed size: ${size} bytes.`
  return refusePost('condition-failed', message, 400, { condition: written, size })
}

/** A condition that failed, in S3's spelling; a token, which it may name, is not shown. */
function conditionFailed({ operator, field, name, value, written }: FieldCondition): RefusedPost {
  const shown = [operator, name as `$${string}`, field === TOKEN ? '…' : value] as const
  // What it says is the key holder's, and no mark-up all the same.
  const text = shown
    .map((part) => JSON.stringify(part))
    .join(', ')
    .replace(/[<>&]/g, (it) => `\\u00${it.charCodeAt(0).toString(16)}`)
  return refusePost(
    'condition-failed',
    `Invalid according to Policy: Policy Condition failed: [${visible(text)}]`,
    403,
    { condition: field === TOKEN ? shown : written },
  )
}

/** The condition that a form fails, or the field that none covers. */
export function checkPolicy(
  { conditions }: Policy,
  fields: ReadonlyMap<string, string>,
  size: number | 'deferred' | undefined,
): RefusedPost | undefined {
  // A field is taken apart once, however many conditions it must keep.
  const given = new Map<string, Given>()
  for (const condition of conditions) {
    if (condition.operator === 'content-length-range') {
      const refused = checkSize(condition, size)
      if (refused) return refused
      continue
    }
    const { field } = condition
    const text = fields.get(field)
    // A field that is not sent keeps no condition, not even one that anything would keep.
    if (text === undefined) return conditionFailed(condition)
    const its = given.get(field) ?? givenOf(field, text)
    given.set(field, its)
    if (!keeps(condition, its)) return conditionFailed(condition)
  }
  for (const field of fields.keys())
    if (!given.has(field) && !EXEMPT.test(field))
      return refusePost(
        'field-not-covered',
        `Invalid according to Policy: Extra input fields: ${repeatable(field)}`,
        403,
        { field },
      )
  return undefined
}

/** The range that all of a policy's conditions leave to the file's size. */
export function sizeRange({ conditions }: Policy): readonly [number, number] | undefined {
  let range: [least: number, most: number] | undefined
  for (const condition of conditions) {
    if (condition.operator !== 'content-length-range') continue
    const { least, most } = condition
    range = range ? [Math.max(range[0], least), Math.min(range[1], most)] : [least, most]
  }
  return range
}
