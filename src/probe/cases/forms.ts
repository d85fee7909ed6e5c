import { alsoFormField, formField, resignedPolicy, withoutFormField } from '../changes.ts'
import { bad, type Case, good, group } from './case.ts'
import { FIELDS, FORM, OTHER_BUCKET, POLICY } from './sources.ts'

const place = 'form'
const text = { place, body: 'text' } as const

const MORE = 'Whoever was given a form to upload one thing by uploads another.'
const LONGER = 'Whoever was given a form for an hour keeps it for ever.'
const ANYONE = 'Anyone uploads whatever they like.'
const TWICE = 'What checks reads one of the two, and what acts reads the other.'

const denied = ['denied', 'policy'] as const
const lacking = ['argument', 'denied', 'policy'] as const

// biome-ignore format: a case is a line
export const FORMS: readonly Case[] = group('forms', 's3', [
  good('form', 'a form', FORM, text),
  good('form-bytes', 'a form with bytes that are no text', FORM, { place, body: 70000 }),
  good('form-fields', 'a form with fields that the policy has as they are', POLICY, { ...text, form: { 'Content-Type': 'text/plain', 'x-amz-meta-probe': 'a b' } }),
  good('form-starts-with', 'a form with a field whose start the policy has', POLICY, { ...text, conditions: [['starts-with', '$Content-Type', 'image/']], fields: [['Content-Type', 'image/png']] }),
  good('form-any', 'a form with a field that may be anything', POLICY, { ...text, conditions: [['starts-with', '$x-amz-meta-probe', '']], fields: [['x-amz-meta-probe', 'ü']] }),
  good('form-range', 'a form with a file of the right size', POLICY, { ...text, conditions: [['content-length-range', 1, 10]] }),
  good('form-ignored', 'a form with a field that is to be passed over', POLICY, { ...text, fields: [['x-ignore-probe', 'a']] }),
  good('form-status', 'a form that asks for another status', FIELDS, { ...text, form: { success_action_status: '201' } }),
  good('form-filename', 'a form with the name of its file in the key', FIELDS, { ...text, key: 'form-$%7Bfilename%7D', gives: '' }),

  bad('form-signature', 'a form with another digit in its signature', FORM, 'signature', ANYONE, text, (draft) => formField('x-amz-signature', (draft.form?.find(([name]) => name === 'x-amz-signature')?.[1] ?? '').replace(/.$/, (digit) => (digit === '0' ? '1' : '0')))(draft)),
  bad('form-secret', 'a form by another secret', FORM, 'signature', ANYONE, { ...text, secret: 'anotherSecretThanTheOneOfTheKey' }),
  bad('form-key-unknown', 'a form by a key that nobody has', FORM, 'unknown key', ANYONE, { ...text, id: 'AKIAPROBEPROBEPROBE0' }),
  bad('form-policy-changed', 'a form with another policy', FORM, 'signature', MORE, text, (draft) => formField('policy', btoa('{"expiration":"2099-01-01T00:00:00Z","conditions":[]}'))(draft)),
  bad('form-anonymous', 'a form without a signature', FORM, 'denied', ANYONE, text, ...['policy', 'x-amz-signature', 'x-amz-credential', 'x-amz-algorithm', 'x-amz-date'].map(withoutFormField)),
  bad('form-policy-missing', 'a form without its policy', FORM, lacking, ANYONE, text, withoutFormField('policy')),
  bad('form-signature-missing', 'a form without its signature', FORM, lacking, ANYONE, text, withoutFormField('x-amz-signature')),
  bad('form-credential-missing', 'a form without its credential', FORM, lacking, ANYONE, text, withoutFormField('x-amz-credential')),
  bad('form-expired', 'a form whose time is over', POLICY, denied, LONGER, { ...text, at: -3600, expiresIn: 60 }),
  bad('form-expiration-missing', 'a form whose policy never ends', POLICY, denied, LONGER, text, resignedPolicy(/"expiration":"[^"]*",/, '')),
  bad('form-expiration-word', 'a form whose policy ends at a word', POLICY, denied, LONGER, text, resignedPolicy(/(?<="expiration":")[^"]*/, 'never')),
  bad('form-policy-no-json', 'a form whose policy is no JSON', POLICY, denied, MORE, text, resignedPolicy('{', '')),
  bad('form-conditions-missing', 'a form whose policy has no conditions', POLICY, denied, MORE, text, resignedPolicy(/"conditions":.*/, '"other":[]}')),
  bad('form-key', 'a form with another key than its policy has', POLICY, denied, 'Whoever was given a form for one object overwrites others.', text, (draft) => formField('key', `${draft.form?.find(([name]) => name === 'key')?.[1]}-other`)(draft)),
  bad('form-key-uncovered', 'a form whose policy says nothing of the key', POLICY, denied, 'Whoever was given a form for one object overwrites others.', text, resignedPolicy(/\{"key":"[^"]*"\},/, '')),
  bad('form-bucket', 'a form whose policy is of another bucket', OTHER_BUCKET, denied, 'A form for one bucket writes into another.', text, resignedPolicy(/(?<="bucket":")[^"]*/, 'another-bucket')),
  bad('form-field-uncovered', 'a form with a field that its policy says nothing of', POLICY, denied, MORE, { ...text, fields: [['x-amz-meta-probe', 'a']] }),
  bad('form-acl-uncovered', 'a form with an ACL that its policy says nothing of', POLICY, denied, 'Whoever was given a form makes the object public.', { ...text, fields: [['acl', 'public-read']] }),
  bad('form-field-changed', 'a form with another value of a field than its policy has', POLICY, denied, MORE, { ...text, form: { 'x-amz-meta-probe': 'a' } }, formField('x-amz-meta-probe', 'b')),
  bad('form-starts-otherwise', 'a form with a field that does not start as its policy has it', POLICY, denied, 'Whoever was given a form for pictures uploads a page with a script.', { ...text, conditions: [['starts-with', '$Content-Type', 'image/']], fields: [['Content-Type', 'text/html']] }),
  bad('form-field-missing', 'a form without a field that its policy has', POLICY, denied, MORE, { ...text, form: { 'x-amz-meta-probe': 'a' } }, withoutFormField('x-amz-meta-probe')),
  bad('form-large', 'a form with a file larger than its policy has it', POLICY, ['too large', ...denied], 'Whoever was given a form for a small file fills the disk.', { ...text, conditions: [['content-length-range', 1, 3]] }),
  bad('form-small', 'a form with a file smaller than its policy has it', POLICY, ['too small', ...denied], MORE, { ...text, conditions: [['content-length-range', 5, 10]] }),
  bad('form-date-changed', 'a form with another date than its policy has', POLICY, ['signature', 'scope', 'argument', ...denied], LONGER, text, formField('x-amz-date', '20150830T123600Z')),
  bad('form-algorithm', 'a form with an algorithm that is none of AWS', FORM, ['request', 'malformed query', ...lacking], 'Whoever may choose the algorithm chooses one that proves nothing.', text, formField('x-amz-algorithm', 'AWS4-HMAC-MD5')),
  bad('form-key-twice', 'a form with two keys, the right one last', FIELDS, ['argument', 'request', ...denied], TWICE, text, (draft) => alsoFormField('key', `${draft.form?.find(([name]) => name === 'key')?.[1]}-other`, 0)(draft)),
  bad('form-key-twice-last', 'a form with two keys, the right one first', FIELDS, ['argument', 'request', ...denied], TWICE, text, (draft) => alsoFormField('key', `${draft.form?.find(([name]) => name === 'key')?.[1]}-other`, -1)(draft)),
  bad('form-policy-twice', 'a form with two policies', FIELDS, ['argument', 'request', 'signature', ...denied], TWICE, text, alsoFormField('policy', btoa('{"expiration":"2099-01-01T00:00:00Z","conditions":[]}'), 0)),
  bad('form-region', 'a form of another region', FORM, ['scope', 'argument', 'request', 'malformed query'], 'A key that was derived for another region opens this one.', { ...text, region: 'mars-north-1' }),
], { after: 'form' })
