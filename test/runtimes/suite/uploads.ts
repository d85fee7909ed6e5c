import { p256 } from '@noble/curves/nist.js'
import { type Algorithm, sign, verify } from 'countersign'
import {
  createPostPolicy,
  decodeChunked,
  type EncodeOptions,
  encodeChunked,
  readBody,
  verifyPostPolicy,
} from 'countersign/s3'
import { sigv4a, sigv4aWith } from 'countersign/sigv4a'
import { codeOf, runChecks, same } from './check.ts'
import { credentials, scope, signing, signingDate, url, verifying } from './common.ts'
import { lacksCrypto, type Suite } from './task.ts'

const curve = sigv4aWith(p256)

/** Each way to send a body in chunks, by its payload word. */
export const MODES: Readonly<Record<string, Partial<EncodeOptions>>> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': {},
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { checksum: 'crc32' },
  'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD': {},
  'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER': { checksum: 'crc32' },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': {
    payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    checksum: 'crc32',
  },
}

const text = 'ü countersign '.repeat(2000)

interface Upload {
  readonly headers: Record<string, string>
  /** In base64. */
  readonly body: string
}

const toBase64 = (bytes: Uint8Array) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (digit) => digit.charCodeAt(0))

/** A stream of the platform's own. */
const streamed = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes]).stream()

/** All that a stream gives; a Response would hide what it fails with. */
async function gather(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const bytes: number[] = []
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Uint8Array.from(bytes)
    for (const byte of value) bytes.push(byte)
  }
}

const isAsymmetric = (word: string) => word.includes('ECDSA')

const algorithmOf = (word: string, ecdsa: Algorithm) =>
  isAsymmetric(word) ? { algorithm: ecdsa } : {}

/** Encodes the text in a mode. */
export async function encode(word: string, ecdsa: Algorithm): Promise<Upload> {
  const { headers, body } = await encodeChunked({ url }, streamed(new TextEncoder().encode(text)), {
    ...{ region: 'eu-west-1', credentials, signingDate, chunkSize: 8192 },
    ...{ decodedLength: 2000 * 15, ...MODES[word], ...algorithmOf(word, ecdsa) },
  })
  return { headers, body: toBase64(await gather(body as ReadableStream<Uint8Array>)) }
}

async function decode(word: string, { headers, body }: Upload, ecdsa: Algorithm): Promise<string> {
  const request = { method: 'PUT', url, headers }
  const result = await verify(request, { ...verifying, ...algorithmOf(word, ecdsa) })
  if (!result.ok) return result.reason
  const stream = decodeChunked(streamed(fromBase64(body)), result, {
    ...algorithmOf(word, ecdsa),
  })
  return new TextDecoder().decode(await gather(stream as ReadableStream<Uint8Array>))
}

function flipped(upload: Upload): Upload {
  const bytes = fromBase64(upload.body)
  bytes[9000] = (bytes[9000] ?? 0) ^ 1
  return { ...upload, body: toBase64(bytes) }
}

const chunks: Suite['run'] = ({ facts, place }) => {
  const own = place.p256 === 'signs and verifies' ? sigv4a : curve
  return runChecks(
    Object.fromEntries(
      Object.keys(MODES).flatMap((word) => {
        const theirs = facts.uploads[word] as Upload
        const refused = word.includes('UNSIGNED') ? 'checksum-mismatch' : 'chunk-mismatch'
        return [
          [
            `${word}: encodes`,
            async () => {
              const ours = await encode(word, own)
              same(ours.headers['x-amz-content-sha256'], word)
              // No two signatures of ECDSA are the same.
              if (isAsymmetric(word)) same(await decode(word, ours, curve), text)
              else same(ours, theirs)
            },
          ],
          [
            `${word}: decodes what Node encodes`,
            async () => same(await decode(word, theirs, own), text),
          ],
          [
            `${word}: refuses a changed byte`,
            async () => same(await codeOf(() => decode(word, flipped(theirs), own)), refused),
          ],
        ]
      }),
    ),
  )
}

/** What each checksum that is built in makes of nine digits. */
const SUMS: Readonly<Record<string, string>> = {
  crc32: 'y/Q5Jg==',
  crc32c: '4waSgw==',
  crc64nvme: 'rosUhgp5mIg=',
  md5: 'JfnnlDI7RTiF9RgfG2JNCw==',
  sha1: '98O8HYCOBHMq32eZZczDTKeuNEE=',
  sha256: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
}

/** The bytes of a body whose header states a checksum. */
async function bodyOf(text: string, name: string): Promise<string> {
  const headers = { [`x-amz-checksum-${name}`]: SUMS[name] as string }
  const request = { method: 'PUT', url, headers }
  const signed = await sign(request, { ...signing, service: 's3', payload: 'UNSIGNED-PAYLOAD' })
  const result = await verify({ ...request, headers: signed.headers }, verifying)
  if (!result.ok) return result.reason
  const stream = readBody(text, result)
  return new TextDecoder().decode(await gather(stream as ReadableStream<Uint8Array>))
}

const bodies: Suite['run'] = () =>
  runChecks(
    Object.fromEntries(
      Object.keys(SUMS).map((name) => [
        `${name}: a body is what its header says, or refused`,
        async () => {
          same(await bodyOf('123456789', name), '123456789')
          same(await codeOf(() => bodyOf('123456780', name)), 'checksum-mismatch')
        },
      ]),
    ),
  )

const policy = {
  ...{ bucket: 'photos', key: 'user/1.jpg', region: 'eu-west-1', credentials, signingDate },
  fields: { acl: 'private' },
}
const judging = { ...verifying, bucket: 'photos', contentLength: 12 }

const forms: Suite['run'] = () =>
  runChecks({
    'a signed form is accepted': async () =>
      same((await verifyPostPolicy((await createPostPolicy(policy)).fields, judging)).ok, true),
    'another key is refused': async () => {
      const { fields } = await createPostPolicy(policy)
      const result = await verifyPostPolicy({ ...fields, key: 'user/2.jpg' }, judging)
      same(result.ok || result.reason, 'condition-failed')
    },
    'another signature is refused': async () => {
      const { fields } = await createPostPolicy(policy)
      const forged = { ...fields, 'x-amz-signature': '0'.repeat(64) }
      const result = await verifyPostPolicy(forged, judging)
      same(result.ok || result.reason, 'signature-mismatch')
    },
    'a FormData is read': async () => {
      const form = new FormData()
      const { fields } = await createPostPolicy(policy)
      for (const name of Object.keys(fields)) form.append(name, fields[name] as string)
      form.append('file', new Blob(['12 bytes big']), 'photo.jpg')
      same((await verifyPostPolicy(form, { ...verifying, bucket: 'photos' })).ok, true)
    },
  })

const attempts = {
  encodeChunked: () => encodeChunked({ url }, 'text', { ...signing, region: scope.region }),
  createPostPolicy: () => createPostPolicy(policy),
}

/** Chunked uploads and browser forms. */
export const uploads: readonly Suite[] = [
  { entry: 'countersign/s3', name: 'chunks', lacks: lacksCrypto, attempts, run: chunks },
  { entry: 'countersign/s3', name: 'bodies', lacks: lacksCrypto, attempts, run: bodies },
  { entry: 'countersign/s3', name: 'forms', lacks: lacksCrypto, attempts, run: forms },
]
