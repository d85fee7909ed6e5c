import { awsError } from 'countersign'
import { verifyPostPolicy } from 'countersign/s3'
import { create, FILENAME, temporary } from '../../s3/forms.ts'
import { credentials, now } from '../../s3/support.ts'
import { hexOf, hmac } from '../../support/hash.ts'
import { byNumber, latin1, numbered, target } from '../target.ts'

type Pair = readonly [name: string, value: string]

/** Fields of a form, a line each. */
const formatForm = (fields: readonly Pair[]) => fields.map((pair) => pair.join('=')).join('\n')

const parseForm = (text: string): Pair[] =>
  text.split('\n').map((line) => {
    const at = line.indexOf('=')
    return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
  })

const FORMS = [
  await create(),
  await create({ credentials: temporary }),
  await create({
    key: `user/${FILENAME}`,
    conditions: [
      ['starts-with', '$Content-Type', 'image/'],
      ['eq', '$x-amz-meta-a', 'A'],
      ['content-length-range', 5, 15],
      { acl: 'private' },
    ],
  }),
]
const MORE: readonly Pair[][] = [
  [],
  [],
  [
    ...([
      ['content-type', 'image/png'],
      ['x-amz-meta-a', 'A'],
      ['acl', 'private'],
    ] as const),
    ...([['file', '0123456789']] as const),
  ],
]
const forms = FORMS.map(({ fields }, at) => [...Object.entries(fields), ...(MORE[at] ?? [])])
const isSigned = new Set(FORMS.map(({ fields }) => `${fields.policy}`))

/** Signs whatever stands in the field `policy`, in JSON: as one who has a key, and means no good. */
function signed(fields: readonly Pair[]): Pair[] {
  const textOf = (wanted: string) => fields.find(([name]) => name === wanted)?.[1] ?? ''
  const policy = Buffer.from(textOf('policy'), 'latin1').toString('base64')
  let key: string | Uint8Array = `AWS4${credentials.secretAccessKey}`
  for (const part of textOf('x-amz-credential').split('/').slice(1)) key = hmac(key, part)
  const own: Record<string, string> = { policy, 'x-amz-signature': hexOf(hmac(key, policy)) }
  return fields.map(([name, value]) => [name, own[name] ?? value])
}

/** The forms as they were signed, and with their policies in JSON. */
const WAYS = [(fields: readonly Pair[]) => fields, signed]
const inJson = (fields: readonly Pair[]) =>
  fields.map(
    ([name, value]): Pair => [
      name,
      name === 'policy' ? Buffer.from(value, 'base64').toString('latin1') : value,
    ],
  )

const FREE = /^(file|policy|x-amz-signature|x-ignore-.*)$/is

/** A field of a form that no condition of its policy allows, read by other code than ours. */
function uncovered(policy: string, fields: Readonly<Record<string, string>>): string | undefined {
  const text = Buffer.from(policy, 'base64').toString()
  // S3's own escapes are no JSON.
  if (/\\[$v]/.test(text)) return undefined
  const { conditions } = JSON.parse(text) as { conditions: readonly object[] }
  const rules = conditions.flatMap((it): (readonly string[])[] =>
    Array.isArray(it)
      ? [it as string[]]
      : Object.entries(it).map(([name, value]) => ['eq', `$${name}`, value as string]),
  )
  return Object.entries(fields).find(([name, value]) => {
    const own = rules.filter(([, field]) => `${field}`.toLowerCase() === `$${name.toLowerCase()}`)
    const kept = own.every(([operator, , wanted = '']) =>
      operator === 'eq' ? value === wanted : value.startsWith(wanted) || name === 'content-type',
    )
    return !FREE.test(name) && (own.length === 0 || !kept)
  })?.[0]
}

/** A form, changed: accepted under a policy that was signed, with every field under a condition. */
export const verifyingForms = target({
  name: 'verifyPostPolicy',
  codes: [],
  cost: { fixed: 40, perByte: 0.05 },
  seeds: () =>
    forms.flatMap((fields) => [
      numbered(0, formatForm(fields)),
      numbered(1, formatForm(inJson(fields))),
    ]),
  read(input) {
    const [way, rest] = byNumber(WAYS, input)
    return { way, fields: way(parseForm(latin1(rest))) }
  },
  async call({ fields }) {
    const result = await verifyPostPolicy(fields, {
      ...{ bucket: 'photos', now, contentLength: 10, filename: 'a/photo.png' },
      credentials: (id) => [credentials, temporary].find(({ accessKeyId }) => accessKeyId === id),
    })
    // Whoever is refused is answered.
    if (!result.ok) awsError(result, 's3')
    return result
  },
  judge({ way, fields }, result) {
    if (!result.ok) return undefined
    const policy = fields.find(([name]) => /^policy$/i.test(name))?.[1] ?? ''
    if (way !== signed && !isSigned.has(policy)) return 'accepts a policy that was not signed'
    const field = uncovered(policy, result.fields)
    return field === undefined ? undefined : `accepts the field ${field}`
  },
})
