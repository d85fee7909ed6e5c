import {
  also,
  field,
  method,
  parameter,
  query,
  resigned,
  target,
  without,
  withoutParameter,
} from '../changes.ts'
import type { Draft } from '../draft.ts'
import { bad, type Case, good, group, odd } from './case.ts'
import { CREATE, FORWARDED, HEADER, PERCENT, QUERY, TWO_PARAMETERS } from './sources.ts'

const place = 'query'
const HOUR = 3600

const LONGER = 'Whoever was given a URL for a minute keeps it for ever.'
const MORE = 'Whoever was given a URL for one thing does another with it.'
const READ_TWICE = 'What checks reads one of the two, and what acts reads the other.'
const ANYONE = 'Anyone does whatever the key may do, without it.'

const MALFORMED = 'malformed query'
const LESS = ['malformed query', 'denied', 'malformed', 'argument'] as const
const TWICE = ['malformed query', 'argument', 'signature', 'malformed', 'denied'] as const

/** Parameters in the reverse of their order. */
function reversed(draft: Draft): void {
  const [path = '', parameters = ''] = draft.target.split(/\?(.*)/s)
  draft.target = `${path}?${parameters.split('&').reverse().join('&')}`
}

/** What is signed anew with another expiry. */
const expiring = (value: string) => [
  resigned({ canonical: [[/(?<=X-Amz-Expires=)[^&\n]*/, value]] }),
  parameter('X-Amz-Expires', value),
]

// biome-ignore format: a case is a line
export const PRESIGNED: readonly Case[] = group('presigned', 'any', [
  good('url', 'a presigned URL', QUERY, { place }),
  good('url-longest', 'a presigned URL for seven days', QUERY, { place, expiresIn: 604800 }),
  good('url-aged', 'a presigned URL of an hour ago that is good for two', QUERY, { place, at: -HOUR, expiresIn: 2 * HOUR }),
  good('url-of-yesterday', 'a presigned URL of yesterday that is good for two days', QUERY, { place, at: -24 * HOUR, expiresIn: 48 * HOUR }),
  good('url-early', 'a presigned URL by a clock four minutes ahead', QUERY, { place, at: 240 }),
  good('url-header', 'a presigned URL with a header that is signed', QUERY, { place, fields: [['x-probe', 'a']] }),
  good('url-header-unsigned', 'a presigned URL with an ordinary header that is not signed', QUERY, { place }, also('x-probe', 'a')),
  good('url-content-type', 'a presigned URL with a Content-Type that is not signed', QUERY, { place }, also('content-type', 'text/plain')),
  good('url-query', 'a presigned URL with a parameter of its own', QUERY, { place, query: 'x-id=a%20b%2Bc' }),
  good('url-reversed', 'a presigned URL with its parameters in another order', CREATE, { place, query: 'x-id=a' }, reversed),
  good('url-slashes', 'a presigned URL whose credential has slashes as they are', PERCENT, { place }, (draft) => { draft.target = draft.target.replaceAll('%2F', '/') }),
  good('url-lower-case', 'a presigned URL whose credential is encoded in lower case', PERCENT, { place }, (draft) => { draft.target = draft.target.replaceAll('%2F', '%2f') }),

  bad('url-expired', 'a presigned URL whose time is over', QUERY, 'denied', LONGER, { place, at: -HOUR, expiresIn: 60 }),
  bad('url-expired-week', 'a presigned URL for a week that is eight days old', QUERY, ['denied', 'scope of query'], LONGER, { place, at: -8 * 24 * HOUR, expiresIn: 604800 }),
  bad('url-future', 'a presigned URL from tomorrow', QUERY, 'denied', 'A URL is good for longer than the week that is the most, if its signer\'s clock is ahead.', { place, at: 24 * HOUR }),
  bad('url-expires-raised', 'a presigned URL whose time was raised', QUERY, 'signature', LONGER, { place, at: -HOUR, expiresIn: 60 }, parameter('X-Amz-Expires', '604800')),
  bad('url-date-raised', 'a presigned URL whose date was changed', QUERY, ['signature'], LONGER, { place, expiresIn: 60 }, parameter('X-Amz-Date', (date) => date.replace(/..Z$/, (end) => (end === '00Z' ? '01Z' : '00Z')))),
  bad('url-expires-week', 'a presigned URL for a second more than a week', QUERY, MALFORMED, LONGER, { place }, ...expiring('604801')),
  bad('url-expires-years', 'a presigned URL for years', QUERY, MALFORMED, LONGER, { place }, ...expiring('999999999')),
  bad('url-expires-huge', 'a presigned URL for more seconds than a number holds', QUERY, MALFORMED, LONGER, { place }, ...expiring('9'.repeat(40))),
  bad('url-expires-zero', 'a presigned URL for no time', QUERY, [MALFORMED, 'denied'], LONGER, { place, at: -5 }, ...expiring('0')),
  bad('url-expires-negative', 'a presigned URL for less than no time', QUERY, [MALFORMED, 'denied'], LONGER, { place }, ...expiring('-1')),
  bad('url-expires-word', 'a presigned URL whose time is no number', QUERY, MALFORMED, LONGER, { place, at: -HOUR }, ...expiring('never')),
  bad('url-expires-empty', 'a presigned URL whose time is empty', QUERY, LESS, LONGER, { place, at: -HOUR }, ...expiring('')),
  bad('url-expires-dropped', 'a presigned URL without its time', QUERY, LESS, LONGER, { place, at: -HOUR, expiresIn: 60 }, withoutParameter('X-Amz-Expires')),
  bad('url-expires-unsigned', 'a presigned URL that was signed without its time', QUERY, ['signature'], LONGER, { place }, resigned({ canonical: [[/X-Amz-Expires=\d+&/, '']] })),
  bad('url-expires-twice', 'a presigned URL with two times, the longer one last', TWO_PARAMETERS, TWICE, LONGER, { place, at: -HOUR, expiresIn: 60 }, query('X-Amz-Expires=604800')),
  bad('url-expires-first', 'a presigned URL with two times, the longer one first', TWO_PARAMETERS, TWICE, LONGER, { place, at: -HOUR, expiresIn: 60 }, target('?', '?X-Amz-Expires=604800&')),
  bad('url-expires-case', 'a presigned URL with a second time in lower case', TWO_PARAMETERS, TWICE, LONGER, { place, at: -HOUR, expiresIn: 60 }, query('x-amz-expires=604800')),
  bad('url-expires-case-first', 'a presigned URL with a longer time in lower case before its own', TWO_PARAMETERS, TWICE, LONGER, { place, at: -HOUR, expiresIn: 60 }, target('?', '?x-amz-expires=604800&')),
  bad('url-expires-encoded', 'a presigned URL with a second time whose name is encoded', TWO_PARAMETERS, TWICE, LONGER, { place, at: -HOUR, expiresIn: 60 }, query('X-Amz-Expire%73=604800')),
  bad('url-expires-header', 'a presigned URL that is over, with a longer time in a header', QUERY, ['denied', 'signature', 'argument'], LONGER, { place, at: -HOUR, expiresIn: 60 }, also('x-amz-expires', '604800')),
  bad('url-date-header', 'a presigned URL that is over, with a new date in a header', QUERY, ['denied', 'signature', 'argument'], LONGER, { place, at: -HOUR, expiresIn: 60 }, (draft) => also('x-amz-date', new Date().toISOString().replace(/[-:]|\.\d+/g, ''))(draft)),
  bad('url-date-twice', 'a presigned URL that is over, with a second date', TWO_PARAMETERS, TWICE, LONGER, { place, at: -HOUR, expiresIn: 60 }, (draft) => query(`X-Amz-Date=${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`)(draft)),
  bad('url-date-dropped', 'a presigned URL without its date', QUERY, LESS, LONGER, { place }, withoutParameter('X-Amz-Date')),
  bad('url-date-word', 'a presigned URL whose date is none', QUERY, LESS, LONGER, { place }, resigned({ canonical: [[/(?<=X-Amz-Date=)\w+/, 'now']], text: [[/\d{8}T\d{6}Z/, 'now']] }), parameter('X-Amz-Date', 'now')),
  bad('url-credential-dropped', 'a presigned URL without its credential', QUERY, LESS, ANYONE, { place }, withoutParameter('X-Amz-Credential')),
  bad('url-credential-twice', 'a presigned URL with a second credential', TWO_PARAMETERS, TWICE, READ_TWICE, { place }, query('X-Amz-Credential=AKIAPROBE%2F20150830%2Fus-east-1%2Fs3%2Faws4_request')),
  bad('url-credential-first', 'a presigned URL with another credential before its own', TWO_PARAMETERS, TWICE, READ_TWICE, { place }, target('?', '?X-Amz-Credential=AKIAPROBE%2F20150830%2Fus-east-1%2Fs3%2Faws4_request&')),
  bad('url-algorithm-dropped', 'a presigned URL without its algorithm', QUERY, LESS, ANYONE, { place }, withoutParameter('X-Amz-Algorithm')),
  bad('url-algorithm-changed', 'a presigned URL with an algorithm that is none of AWS', QUERY, LESS, 'Whoever may choose the algorithm chooses one that proves nothing.', { place }, parameter('X-Amz-Algorithm', 'AWS4-HMAC-MD5')),
  bad('url-signed-headers-dropped', 'a presigned URL without its list of signed headers', QUERY, LESS, MORE, { place }, withoutParameter('X-Amz-SignedHeaders')),
  bad('url-signed-headers-twice', 'a presigned URL with a second list of signed headers', TWO_PARAMETERS, TWICE, READ_TWICE, { place, fields: [['x-probe', 'a']] }, query('X-Amz-SignedHeaders=host')),
  bad('url-signed-headers-fewer', 'a presigned URL that is sent as if a header were not signed', QUERY, 'signature', MORE, { place, fields: [['x-probe', 'a']] }, parameter('X-Amz-SignedHeaders', 'host')),
  bad('url-signature-dropped', 'a presigned URL without its signature', QUERY, LESS, ANYONE, { place }, withoutParameter('X-Amz-Signature')),
  bad('url-signature-empty', 'a presigned URL with an empty signature', QUERY, [...LESS, 'signature'], ANYONE, { place }, parameter('X-Amz-Signature', '')),
  bad('url-signature-changed', 'a presigned URL with another digit in its signature', QUERY, 'signature', 'A signature that is compared in part is guessed in part.', { place }, parameter('X-Amz-Signature', (text) => text.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')))),
  bad('url-signature-twice', 'a presigned URL with a second signature', TWO_PARAMETERS, TWICE, READ_TWICE, { place }, query(`X-Amz-Signature=${'0'.repeat(64)}`)),
  bad('url-signature-first', 'a presigned URL with a wrong signature before its own', TWO_PARAMETERS, TWICE, READ_TWICE, { place }, target('?', `?X-Amz-Signature=${'0'.repeat(64)}&`)),
  bad('url-secret-wrong', 'a presigned URL by another secret', QUERY, 'signature', ANYONE, { place, secret: 'anotherSecretThanTheOneOfTheKey' }),
  bad('url-key-unknown', 'a presigned URL by a key that nobody has', QUERY, 'unknown key', ANYONE, { place, id: 'AKIAPROBEPROBEPROBE0' }),
  bad('url-query-added', 'a presigned URL with a parameter more', QUERY, 'signature', MORE, { place }, query('x-id=GetObject')),
  bad('url-query-changed', 'a presigned URL with another value of a parameter', QUERY, 'signature', MORE, { place, query: 'x-id=a' }, parameter('x-id', 'b')),
  bad('url-query-dropped', 'a presigned URL without a parameter that was signed', QUERY, 'signature', MORE, { place, query: 'x-id=a' }, withoutParameter('x-id')),
  bad('url-method', 'a presigned URL with another method', QUERY, 'signature', MORE, { place }, (draft) => method(draft.method === 'HEAD' ? 'GET' : 'HEAD')(draft)),
  bad('url-header-dropped', 'a presigned URL without a header that was signed', QUERY, ['denied', 'signature'], MORE, { place, fields: [['x-probe', 'a']] }, without('x-probe')),
  bad('url-header-changed', 'a presigned URL with another value of a signed header', QUERY, 'signature', MORE, { place, fields: [['x-probe', 'a']] }, field('x-probe', 'b')),
  odd('url-amz-unsigned', 'a presigned URL with an x-amz-… header that is not signed', QUERY, ['denied', 'signature'], { place }, also('x-amz-probe', 'a')),
  bad('url-host', 'a presigned URL of another host', QUERY, 'signature', 'A URL that was made for one server opens another.', { place, host: 'bucket.example.com' }, (draft) => field('host', draft.host)(draft)),
  bad('url-forwarded-host', 'a presigned URL of another host, which X-Forwarded-Host names', FORWARDED, 'signature', 'A URL that was made for one server opens another.', { place, host: 'bucket.example.com' }, (draft) => field('host', draft.host)(draft), also('x-forwarded-host', 'bucket.example.com')),
  odd('both', 'a right presigned URL with an Authorization header that is wrong', HEADER, ['argument', 'malformed', 'malformed query'], { place }, also('authorization', 'AWS4-HMAC-SHA256 Credential=AKIAPROBE/20150830/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=0000000000000000000000000000000000000000000000000000000000000000')),
  bad('both-wrong-query', 'a right Authorization header, and a presigned query that is wrong', HEADER, ['argument', 'malformed', 'malformed query', 'signature', 'denied'], READ_TWICE, {}, query(`X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAPROBE%2F20150830%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=${'0'.repeat(64)}`)),
  odd('both-bearer', 'a presigned URL with an Authorization header of another kind', HEADER, ['argument', 'malformed', 'malformed query', 'request'], { place }, also('authorization', 'Bearer probe')),
])

// biome-ignore format: a case is a line
export const PRESIGNED_OF_S3: readonly Case[] = group('presigned', 's3', [
  good('url-put', 'a presigned URL to write by', QUERY, { place, body: 'text' }),
  good('url-put-type', 'a presigned URL to write by, with a Content-Type that is signed', QUERY, { place, body: 'text', fields: [['content-type', 'text/plain']] }),
  good('url-put-metadata', 'a presigned URL to write by, with metadata that are signed', QUERY, { place, body: 'text', fields: [['x-amz-meta-probe', 'a']] }),
  good('url-put-bytes', 'a presigned URL to write bytes by', QUERY, { place, body: 70000 }),
  good('url-head', 'a presigned URL for HEAD', QUERY, { place, method: 'HEAD' }),
  good('url-delete', 'a presigned URL to delete by', QUERY, { place, method: 'DELETE', body: '' }),
  good('url-range', 'a presigned URL with a Range that is not signed', QUERY, { place, gives: 'This' }, also('range', 'bytes=0-3')),

  bad('url-put-with-get', 'a presigned URL to read by that is written with', QUERY, 'signature', 'Whoever was given a link to read overwrites the object.', { place, key: 'url-put-with-get' }, method('PUT')),
  bad('url-delete-with-get', 'a presigned URL to read by that is deleted with', QUERY, 'signature', 'Whoever was given a link to read deletes the object.', { place, key: 'url-delete-with-get' }, method('DELETE')),
  bad('url-path', 'a presigned URL of another object', QUERY, 'signature', 'Whoever was given a link to one object reads all others.', { place }, target('a.txt', 'b.txt')),
  bad('url-acl-unsigned', 'a presigned URL to write by, with an ACL that is not signed', QUERY, ['denied', 'signature'], 'Whoever was given a link to write makes the object public.', { place, body: 'text' }, also('x-amz-acl', 'public-read')),
  bad('url-acl-query', 'a presigned URL with an ACL as a parameter more', QUERY, 'signature', 'Whoever was given a link to write makes the object public.', { place, body: 'text' }, query('x-amz-acl=public-read')),
  bad('url-copy-unsigned', 'a presigned URL to write by, with a source to copy from', QUERY, ['denied', 'signature'], 'Whoever was given a link to write copies whatever the signer may read.', { place, body: '' }, (draft) => also('x-amz-copy-source', draft.target.replace(/\?.*/, '').replace('url-copy-unsigned', 'b.txt'))(draft)),
  bad('url-type-changed', 'a presigned URL to write by, with another Content-Type than is signed', QUERY, 'signature', 'Whoever was given a link for a picture writes a page with a script.', { place, body: 'text', fields: [['content-type', 'image/png']] }, field('content-type', 'text/html')),
  bad('url-acl-resource', 'a presigned URL that is made one of ?acl', QUERY, 'signature', MORE, { place }, query('acl')),
  bad('url-uploads', 'a presigned URL to write by that begins an upload', QUERY, 'signature', MORE, { place, method: 'POST', body: '' }, query('uploads')),
  bad('url-response', 'a presigned URL with another type of the answer', QUERY, 'signature', 'Whoever was given a link has a text shown as a page with a script.', { place }, query('response-content-type=text/html')),
])
