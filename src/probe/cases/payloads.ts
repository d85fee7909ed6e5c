import { authorization, body, field, resigned, without } from '../changes.ts'
import { OBJECTS } from '../place.ts'
import { bad, type Case, good, group, odd } from './case.ts'
import { CANONICAL, COMMON, COPY, CREATE, ERRORS, INTEGRITY, PUT } from './sources.ts'

const REPLACE = 'Whoever stands between writes bytes of their own, under the signature of another.'
const BROKEN = 'Bytes that were changed on their way are kept as if they were whole.'

const digests = ['digest', 'request', 'invalid digest'] as const
const sum = (name: string, value: string) => ({
  body: 'text',
  payload: 'UNSIGNED-PAYLOAD',
  fields: [[`x-amz-checksum-${name}`, value]] as const,
})

// biome-ignore format: a case is a line
export const PAYLOADS: readonly Case[] = group('payloads', 's3', [
  good('body', 'a text', PUT, { body: 'text' }),
  good('body-empty', 'an empty body', PUT, { body: '' }),
  good('body-utf8', 'a text outside of ASCII', PUT, { body: 'ü 日本 😀' }),
  good('body-bytes', 'bytes that are no text', PUT, { body: 100_000 }),
  good('body-lines', 'lines that end in CRLF', PUT, { body: 'a\r\nb\r\n\r\n' }),
  good('body-json', 'JSON', PUT, { body: '{"a":1}', fields: [['content-type', 'application/json']] }),
  good('unsigned', 'a body that is not signed', CANONICAL, { body: 'text', payload: 'UNSIGNED-PAYLOAD' }),
  good('unsigned-get', 'UNSIGNED-PAYLOAD on a request to read', CANONICAL, { payload: 'UNSIGNED-PAYLOAD' }),
  good('md5', 'a Content-MD5', PUT, { body: 'text', stated: ['md5'] }),
  good('crc32', 'a CRC32', INTEGRITY, { body: 'text', stated: ['crc32'] }),
  good('crc32c', 'a CRC32C', INTEGRITY, { body: 'text', stated: ['crc32c'] }),
  good('crc64nvme', 'a CRC64NVME', INTEGRITY, { body: 'text', stated: ['crc64nvme'] }),
  good('sha1', 'a SHA-1', INTEGRITY, { body: 'text', stated: ['sha1'] }),
  good('sha256', 'a SHA-256', INTEGRITY, { body: 'text', stated: ['sha256'] }),
  good('copy', 'a copy of another object', COPY, { body: '', copies: 'b.txt', gives: OBJECTS['b.txt'] ?? '' }),
  good('unsigned-sha256', 'a SHA-256 of a body that is not signed', INTEGRITY, { body: 'text', payload: 'UNSIGNED-PAYLOAD', stated: ['sha256'] }),

  bad('body-changed', 'another body than the signed one', CANONICAL, 'hash', REPLACE, { body: 'text' }, body('TEXT')),
  bad('body-longer', 'a body with more behind what was signed', CANONICAL, 'hash', REPLACE, { body: 'text' }, body('text and more')),
  bad('body-shorter', 'a body without its end', CANONICAL, 'hash', REPLACE, { body: 'text' }, body('tex')),
  bad('body-dropped', 'no body where one was signed', CANONICAL, 'hash', REPLACE, { body: 'text' }, body('')),
  bad('body-added', 'a body where none was signed', CANONICAL, 'hash', REPLACE, { body: '' }, body('text')),
  bad('hash-changed', 'another hash than the signed one, which is that of the body', CANONICAL, ['hash', 'signature'], REPLACE, { body: 'text' }, body('TEXT'), field('x-amz-content-sha256', '48a5ac00c83c9c2cd0dd4d4b9a0bbb83b9f5ccb7bb9fa5ffd9b4f7eb2ba3f4cf')),
  bad('hash-to-unsigned', 'UNSIGNED-PAYLOAD in place of the signed hash', CANONICAL, 'signature', REPLACE, { body: 'text' }, field('x-amz-content-sha256', 'UNSIGNED-PAYLOAD'), body('TEXT')),
  bad('hash-to-streaming', 'a body in chunks in place of the signed hash', CANONICAL, 'signature', REPLACE, { body: 'text' }, field('x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER')),
  odd('hash-unsigned', 'a hash that is not signed, and another payload line', CANONICAL, ['denied', 'signature'], { body: 'text' }, resigned({ canonical: [[/^x-amz-content-sha256:.*\n/m, ''], [/;x-amz-content-sha256/, '']] }), authorization(';x-amz-content-sha256', '')),
  bad('hash-missing', 'no x-amz-content-sha256', COMMON, ['request', 'signature', 'denied'], REPLACE, { body: 'text' }, without('x-amz-content-sha256')),
  odd('hash-missing-signed', 'no x-amz-content-sha256, on a request that is signed without it', COMMON, 'request', { body: 'text' }, resigned({ canonical: [[/^x-amz-content-sha256:.*\n/m, ''], [/;x-amz-content-sha256/, '']] }), authorization(';x-amz-content-sha256', ''), without('x-amz-content-sha256')),
  bad('hash-word', 'a word in place of the hash, signed', CANONICAL, ['argument', 'request', 'hash'], REPLACE, { body: 'text' }, ...hashed('unsigned')),
  bad('hash-short', 'a hash without its last digit, signed', CANONICAL, ['argument', 'request', 'hash'], REPLACE, { body: 'text' }, ...hashed('982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d')),
  bad('hash-of-nothing', 'the hash of nothing over a body, signed', CANONICAL, 'hash', REPLACE, { body: 'text' }, ...hashed('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')),
  odd('md5-wrong', 'the Content-MD5 of another body', ERRORS, digests, { body: 'text', fields: [['content-md5', '1B2M2Y8AsgTpgAmY7PhCfg==']] }),
  odd('md5-short', 'a Content-MD5 that is none', ERRORS, 'invalid digest', { body: 'text', fields: [['content-md5', 'AAAA']] }),
  bad('md5-unsigned-body', 'the Content-MD5 of another body, which is not signed', ERRORS, digests, BROKEN, { body: 'text', payload: 'UNSIGNED-PAYLOAD', stated: ['md5'] }, body('TEXT')),
  bad('crc32-wrong', 'the CRC32 of another body', INTEGRITY, digests, BROKEN, sum('crc32', 'AAAAAA==')),
  bad('crc32c-wrong', 'the CRC32C of another body', INTEGRITY, digests, BROKEN, sum('crc32c', 'AAAAAA==')),
  bad('crc64nvme-wrong', 'the CRC64NVME of another body', INTEGRITY, digests, BROKEN, sum('crc64nvme', 'AAAAAAAAAAA=')),
  bad('sha1-wrong', 'the SHA-1 of another body', INTEGRITY, digests, BROKEN, sum('sha1', '2jmj7l5rSw0yVb/vlWAYkK/YBwk=')),
  bad('sha256-wrong', 'the SHA-256 of another body', INTEGRITY, digests, BROKEN, sum('sha256', '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')),
  odd('crc32-short', 'a CRC32 that is none', INTEGRITY, digests, sum('crc32', 'AAAA')),
  bad('sha256-unsigned-body', 'the SHA-256 of another body, which is not signed', INTEGRITY, digests, BROKEN, { body: 'text', payload: 'UNSIGNED-PAYLOAD', stated: ['sha256'] }, body('TEXT')),
])

/** Another payload line, which is signed. */
function hashed(to: string) {
  return [
    resigned({
      canonical: [
        [/(?<=x-amz-content-sha256:).*/, to],
        [/(?<=\n)[\da-f]{64}$/, to],
      ],
    }),
    field('x-amz-content-sha256', to),
  ]
}

// biome-ignore format: a case is a line
export const BODIES: readonly Case[] = group('payloads', 'others', [
  bad('call-body-changed', 'another body than the signed one', CREATE, ['signature', 'hash'], REPLACE, {}, (draft) => { draft.body = Buffer.concat([draft.body, Buffer.from(' ')]) }),
], { needs: 'body' })
