import { also, authorization, field, method, query, twice, without } from '../changes.ts'
import { bad, type Case, good, group, odd } from './case.ts'
import { CREATE, ELEMENTS, HEADER, REPEATED, TROUBLE, UNDERSCORES, VALUES } from './sources.ts'

const ALTER = 'Whoever stands between alters what the header says, under the signature of another.'
const ADD = 'Whoever stands between adds what the server acts on, under the signature of another.'
const DROP = 'Whoever stands between drops what the header asks for.'
const ANYONE = 'Anyone does whatever the key may do, without it.'

const long = 'x'.repeat(4000)
const many = Array.from({ length: 40 }, (_, at) => [`x-probe-${at}`, `${at}`] as const)

// biome-ignore format: a case is a line
export const HEADERS: readonly Case[] = group('headers', 'any', [
  good('plain', 'a request signed in its header', CREATE),
  good('header', 'a signed header', CREATE, { fields: [['x-probe', 'a']] }),
  good('header-names', 'names of headers in upper case', CREATE, { fields: [['X-Probe-A', 'a'], ['X-PROBE-B', 'b']] }),
  good('header-twice', 'a signed header that comes twice', REPEATED, { fields: [['x-probe', 'a'], ['x-probe', 'b']] }),
  good('header-blanks', 'blanks around and within a value', CREATE, { fields: [['x-probe', '  a   b  c ']] }),
  good('header-quotes', 'blanks between quotes', CREATE, { fields: [['x-probe', '"a   b"']] }),
  good('header-empty', 'a signed header without a value', VALUES, { fields: [['x-probe', '']] }),
  good('header-marks', 'marks in a value', VALUES, { fields: [['x-probe', "a:b;c=d,e/f?g&h%20'i'(j)*~+"]] }),
  good('header-comma', 'a list in a value', REPEATED, { fields: [['x-probe', 'a, b,c']] }),
  good('header-long', 'a value of 4000 characters', VALUES, { fields: [['x-probe', long]] }),
  good('headers-many', 'forty signed headers', CREATE, { fields: many }),
  good('header-unsigned', 'an ordinary header that is not signed', CREATE, {}, also('x-probe', 'a')),
  good('user-agent', 'a User-Agent, which is not signed', ELEMENTS, { fields: [['user-agent', 'probe/1.0 (a; b)']] }),
  good('user-agent-signed', 'a User-Agent that is signed', ELEMENTS, { fields: [['user-agent', 'probe/1.0']], signable: ['user-agent'] }),
  good('accept-encoding-signed', 'an Accept-Encoding that is signed', ELEMENTS, { fields: [['accept-encoding', 'identity']], signable: ['accept-encoding'] }),
  good('accept-signed', 'an Accept that is signed', ELEMENTS, { fields: [['accept', '*/*']] }),
  good('trace-id', 'a trace id of AWS, which is not signed', ELEMENTS, { fields: [['x-amzn-trace-id', 'Root=1-67891233-abcdef012345678912345678']] }),
  good('authorization-tight', 'an Authorization header without blanks between its parts', HEADER, {}, authorization(/, Signed(.*), Sig/, ',Signed$1,Sig')),

  bad('anonymous', 'no signature at all', CREATE, ['denied'], ANYONE, {}, without('authorization')),
  bad('authorization-empty', 'an Authorization header that says nothing', CREATE, ['denied', 'malformed', 'argument'], ANYONE, {}, field('authorization', '')),
  bad('authorization-scheme', 'an Authorization header that names the algorithm alone', CREATE, ['malformed', 'argument'], ANYONE, {}, field('authorization', 'AWS4-HMAC-SHA256')),
  bad('header-changed', 'a signed header with another value', CREATE, 'signature', ALTER, { fields: [['x-probe', 'a']] }, field('x-probe', 'b')),
  bad('header-case-changed', 'a signed header with a value in another case', CREATE, 'signature', ALTER, { fields: [['x-probe', 'a']] }, field('x-probe', 'A')),
  bad('header-dropped', 'a signed header that does not come', TROUBLE, ['denied', 'signature'], DROP, { fields: [['x-probe', 'a']] }, without('x-probe')),
  bad('header-second', 'a signed header with a second value on a line of its own', REPEATED, 'signature', ADD, { fields: [['x-probe', 'a']] }, also('x-probe', 'b')),
  odd('header-repeated', 'a signed header whose line comes once more', REPEATED, 'signature', { fields: [['x-probe', 'a']] }, twice('x-probe')),
  bad('headers-swapped', 'the two values of a header in another order', REPEATED, 'signature', ALTER, { fields: [['x-probe', 'a'], ['x-probe', 'b']] }, without('x-probe'), also('x-probe', 'b'), also('x-probe', 'a')),
  bad('header-joined', 'two signed headers whose values are swapped', CREATE, 'signature', ALTER, { fields: [['x-probe-a', 'a'], ['x-probe-b', 'b']] }, field('x-probe-a', 'b'), field('x-probe-b', 'a')),
  bad('content-type-changed', 'another Content-Type than the signed one', CREATE, 'signature', ALTER, { fields: [['content-type', 'text/plain']] }, field('content-type', 'text/html')),
  odd('amz-unsigned', 'an x-amz-… header that is not signed', CREATE, ['denied', 'signature'], {}, also('x-amz-probe', 'a')),
  odd('amz-unsigned-underscore', 'an x_amz_… header that is not signed, which gateways take for x-amz-…', UNDERSCORES, ['denied', 'signature'], {}, also('x_amz_meta_probe', 'a')),
  bad('method-head', 'GET that is signed for and HEAD that is sent, or the other way round', CREATE, 'signature', 'Whoever has a request to read learns of something else.', {}, (draft) => method(draft.method === 'HEAD' ? 'GET' : 'HEAD')(draft)),
  bad('query-added', 'a parameter that was not signed', CREATE, 'signature', ADD, {}, query('x-id=GetObject')),
])

// biome-ignore format: a case is a line
export const HEADERS_OF_S3: readonly Case[] = group('headers', 's3', [
  good('metadata', 'metadata of an object', HEADER, { body: 'text', fields: [['x-amz-meta-probe', 'a b'], ['Content-Type', 'text/plain; charset=utf-8']] }),
  good('range', 'a Range that is signed', HEADER, { fields: [['range', 'bytes=0-3']], gives: 'This' }),
  good('range-unsigned', 'a Range that is not signed', HEADER, { unsignable: ['range'], fields: [['range', 'bytes=0-3']], gives: 'This' }),
  good('head', 'HEAD of an object', HEADER, { method: 'HEAD' }),
  good('content-length-signed', 'a Content-Length that is signed', HEADER, { body: 'text', fields: [['content-length', '4']], signable: ['content-length'] }),
  good('expect', 'a body for which the client asks first', 'https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1', { body: 'text', fields: [['expect', '100-continue']] }),
  good('delete', 'DELETE of what is not there', HEADER, { method: 'DELETE', body: '' }),

  bad('put-with-get', 'a signature to read on a request that writes', CREATE, 'signature', 'Whoever has a request to read overwrites the object.', { key: 'put-with-get' }, method('PUT')),
  bad('delete-with-get', 'a signature to read on a request that deletes', CREATE, 'signature', 'Whoever has a request to read deletes the object.', { key: 'delete-with-get' }, method('DELETE')),
  bad('metadata-changed', 'other metadata than those that were signed', HEADER, 'signature', ALTER, { body: 'text', fields: [['x-amz-meta-probe', 'a']] }, field('x-amz-meta-probe', 'b')),
  bad('metadata-unsigned', 'metadata that are not signed', HEADER, ['denied', 'signature'], ADD, { body: 'text' }, also('x-amz-meta-probe', 'a')),
  bad('acl-unsigned', 'an ACL that is not signed', HEADER, ['denied', 'signature'], 'Whoever stands between makes the object public.', { body: 'text' }, also('x-amz-acl', 'public-read')),
  bad('copy-unsigned', 'a source to copy from that is not signed', HEADER, ['denied', 'signature'], 'Whoever has a request to write copies into it whatever the signer may read.', { body: '' }, (draft) => also('x-amz-copy-source', draft.target.replace('copy-unsigned', 'b.txt'))(draft)),
  bad('redirect-unsigned', 'a redirect that is not signed', HEADER, ['denied', 'signature'], 'Whoever stands between sends readers elsewhere.', { body: 'text' }, also('x-amz-website-redirect-location', 'https://example.com/')),
  bad('tagging-unsigned', 'tags that are not signed', HEADER, ['denied', 'signature'], ADD, { body: 'text' }, also('x-amz-tagging', 'a=b')),
  bad('encryption-unsigned', 'an encryption that is not signed', HEADER, ['denied', 'signature'], ADD, { body: 'text' }, also('x-amz-server-side-encryption', 'AES256')),
  bad('put-anonymous', 'a body without any signature', CREATE, 'denied', 'Anyone writes whatever they like.', { body: 'text' }, without('authorization')),
])
