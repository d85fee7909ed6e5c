import { backend } from '#crypto'
import type { RefusedPost } from '../model/post.ts'
import { type Refused, refuse } from '../model/refusal.ts'
import type { VerifyingCredentials, VerifyOptions } from '../model/verify-types.ts'
import { check } from '../verify/checks.ts'
import { findKeys } from '../verify/keys.ts'
import { withPresented } from '../verify/presented.ts'
import { catchUp, signerOf } from '../verify/try-keys.ts'
import type { StatedForm } from './stated-form.ts'

/** The options that a form's signature is held to. */
type FormRules = Omit<VerifyOptions, 'service' | 'now'> & {
  readonly service?: VerifyOptions['service'] | undefined
  readonly now: Date
}

/** A form whose time is over. */
export const formExpired = (signedAt: Date, now: Date): Refused =>
  refuse('expired', 'Invalid according to Policy: Policy expired.', {
    times: { request: signedAt, server: now },
  })

/** The key that signed a form's policy; or a refusal for its scope, its time, its key or its signature. */
export async function proveForm(
  { fields, received, statement }: StatedForm,
  options: FormRules,
): Promise<VerifyingCredentials | RefusedPost> {
  const {
    now,
    service = 's3',
    maxClockSkew = 900,
    maxExpiresIn = 604_800,
    crypto = backend,
  } = options
  const { signedAt } = statement.claim
  const age = (Number(now) - Number(signedAt)) / 1000
  const times = { request: signedAt, server: now }
  if (!(age >= -maxClockSkew))
    return refuse('not-yet-valid', 'The form is not valid yet.', { times })
  if (!(age <= maxExpiresIn)) return formExpired(signedAt, now)

  // When it ends is in the policy, which is not read before it is proved.
  const expiresIn = Math.max(1, maxExpiresIn)
  const claim = { ...statement.claim, expiresIn }
  const rules: VerifyOptions = { ...options, service, maxExpiresIn: expiresIn, payload: undefined }
  const reading = { received, statement: { ...statement, claim }, profile: {} }
  const fault = check(reading, rules, Number(now))
  if (fault) {
    // To S3 the scope is an argument of the form.
    const code = fault.reason === 'scope-mismatch' && { code: 'InvalidArgument' }
    return withPresented({ ...fault, ...code }, reading, rules)
  }
  const found = await findKeys(reading, rules, crypto)
  const credentials = await signerOf(fields.get('policy') ?? '', found, statement, crypto)
  if (credentials) return credentials
  await catchUp(found, statement, crypto)
  const refused =
    found.refusal ??
    refuse('signature-mismatch', 'The signature is not that of this policy and key.')
  return withPresented(Object.defineProperty(refused, 'ofKey', { value: true }), reading, rules)
}
