import { sigv4 } from '../algorithms/sigv4.ts'
import { parameterOf } from '../canonical/token-name.ts'
import { type RefusedPost, refusePost } from '../model/post.ts'
import { isRefused, refuse, repeatable } from '../model/refusal.ts'
import type { VerifyOptions } from '../model/verify-types.ts'
import { unsupported } from '../verify/authorization.ts'
import { withPresented } from '../verify/presented.ts'
import type { Received } from '../verify/received.ts'
import { readStatement, type Statement } from '../verify/statement.ts'
import type { PostForm } from './post-form.ts'

/** A form, and what it states of its signature, before anything of it is proved. */
export interface StatedForm extends PostForm {
  readonly received: Received
  readonly statement: Statement
  readonly refusal?: undefined
}

/** A form that does not say who signed it, and why. */
export interface UnstatedForm {
  readonly received?: undefined
  readonly statement?: undefined
  readonly refusal: RefusedPost
}

/** What S3 says of a form without a field. */
export const lacks = (field: string): string =>
  `Bucket POST must contain a field named '${field}'. If it is specified, please check the order of the fields.`

/** A form whose signature cannot be read: to S3 an argument of the form, and no header. */
const malformedForm = (
  message: string,
  more?: Pick<RefusedPost, 'about' | 'field'>,
): UnstatedForm => ({
  refusal: { ...refuse('malformed-authorization', message), code: 'InvalidArgument', ...more },
})

const NEEDED = ['policy', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-signature']

/**
 * A form as a received request: its signature has the parts of a presigned URL's, under other names
 * and with the policy in place of what a URL says of headers and expiry.
 */
function receivedOf(fields: ReadonlyMap<string, string>): Received {
  const parameters = new Map<string, string>()
  for (const [name, value] of fields) parameters.set(parameterOf(name), value)
  parameters.set('X-Amz-SignedHeaders', 'host').set('X-Amz-Expires', '1')
  return {
    method: 'POST',
    path: '/',
    query: '',
    parameters,
    fields: { host: '' },
    body: '',
  }
}

/** The refusal of a field that comes twice, or is none. */
export const repeatedField = (field: string): RefusedPost =>
  refusePost('field-repeated', `The field ${repeatable(field)} must come once, as text.`, 400, {
    field,
  })

/** Reads what a form states of its signature; the policy is a text, whatever it says. */
export function readStatedForm(
  form: PostForm,
  accepted: VerifyOptions['algorithm'] = sigv4,
): StatedForm | UnstatedForm {
  const { fields, odd } = form
  if (odd !== undefined) return { refusal: repeatedField(odd) }
  if (fields.has('awsaccesskeyid') && !fields.has('x-amz-algorithm'))
    return { refusal: unsupported() }
  const missing = NEEDED.filter((name) => !fields.get(name))
  if (missing.length === NEEDED.length)
    return { refusal: refuse('missing-authentication', 'The form is not signed.') }
  if (missing[0]) {
    const field = parameterOf(missing[0])
    return malformedForm(lacks(field), { field })
  }
  const received = receivedOf(fields)
  const statement = readStatement(received, [accepted].flat())
  if (!isRefused(statement)) return { ...form, received, statement }
  const { reason, message, about } = statement
  // To S3 a text that can be no signature is a wrong one.
  if (about?.part === 'signature') return { refusal: refuse('signature-mismatch', message) }
  // A field that is there and says nothing is malformed, whatever a header would be.
  return reason === 'unsupported-algorithm'
    ? { refusal: withPresented(statement, { received, refusal: statement }, {}) }
    : malformedForm(message, about && { about })
}
