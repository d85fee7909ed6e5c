import { authorization, field, without } from '../changes.ts'
import { bad, type Case, group } from './case.ts'
import { CREATE, HEADER, NO_SECRET, TROUBLE } from './sources.ts'

const FORGE = 'Anyone who knows a key id, which is no secret, does whatever the key may do.'
const GUESS = 'A signature that is compared in part is guessed in part.'
const WEAK = 'Whoever may choose the algorithm chooses one that proves nothing.'
const TWO = 'What checks and what acts may read two different signatures.'

const sha1 = ['malformed', 'request', 'argument'] as const
const two = ['malformed', 'argument', 'signature', 'request'] as const

// biome-ignore format: a case is a line
export const SIGNATURES: readonly Case[] = group('signatures', 'any', [
  bad('secret-wrong', 'a signature by another secret', NO_SECRET, 'signature', FORGE, { secret: 'anotherSecretThanTheOneOfTheKey' }),
  bad('secret-empty', 'a signature by an empty secret', CREATE, 'signature', FORGE, { secret: ' ' }),
  bad('key-unknown', 'a key id that nobody has', TROUBLE, 'unknown key', 'Anyone is let in by a key of their own.', { id: 'AKIAPROBEPROBEPROBE0' }),
  bad('key-unknown-of-object', 'a key id that every JavaScript object has a value for', TROUBLE, ['unknown key'], 'Anyone is let in by a name that the server did not mean as a key.', { id: 'constructor', secret: 'undefined' }),
  bad('key-empty', 'no key id before the scope', HEADER, ['malformed', 'unknown key'], 'Anyone is let in without a key.', {}, authorization(/Credential=[^/]+/, 'Credential=')),
  bad('key-with-slash', 'a slash before the key id', HEADER, ['malformed', 'unknown key'], 'What checks and what acts may read two different keys.', {}, authorization('Credential=', 'Credential=/')),
  bad('key-in-other-case', 'the key id in another case', TROUBLE, 'unknown key', 'What is granted or blocked by key id is got around.', {}, authorization(/(?<=Credential=)[^/]+/, (id) => (id === id.toLowerCase() ? id.toUpperCase() : id.toLowerCase()))),
  bad('signature-changed', 'a signature with another digit at its end', TROUBLE, 'signature', GUESS, {}, authorization(/.$/, (digit) => (digit === '0' ? '1' : '0'))),
  bad('signature-changed-first', 'a signature with another digit at its start', TROUBLE, 'signature', GUESS, {}, authorization(/(?<=Signature=)./, (digit) => (digit === '0' ? '1' : '0'))),
  bad('signature-upper-case', 'a signature in upper case', CREATE, ['signature', 'malformed'], 'One signature has many spellings, which whoever remembers signatures takes for others.', {}, authorization(/(?<=Signature=)\w+/, (digits) => digits.toUpperCase())),
  bad('signature-short', 'a signature without its last digit', HEADER, ['malformed', 'signature'], GUESS, {}, authorization(/.$/, '')),
  bad('signature-half', 'the first half of a signature', HEADER, ['malformed', 'signature'], GUESS, {}, authorization(/.{32}$/, '')),
  bad('signature-long', 'a signature with a digit more', HEADER, ['malformed', 'signature'], GUESS, {}, authorization(/$/, '0')),
  bad('signature-empty', 'an empty signature', HEADER, ['malformed', 'signature'], FORGE, {}, authorization(/Signature=.*/, 'Signature=')),
  bad('signature-missing', 'no signature among its parts', HEADER, 'malformed', FORGE, {}, authorization(/, Signature=.*/, '')),
  bad('signature-zeros', 'a signature of zeros', TROUBLE, 'signature', FORGE, {}, authorization(/Signature=.*/, `Signature=${'0'.repeat(64)}`)),
  bad('signature-no-hex', 'a signature that is no hex', TROUBLE, ['signature', 'malformed'], FORGE, {}, authorization(/Signature=.*/, `Signature=${'z'.repeat(64)}`)),
  bad('signed-headers-missing', 'no signed headers among its parts', HEADER, 'malformed', FORGE, {}, authorization(/ SignedHeaders=[^, ]*,/, '')),
  bad('signed-headers-empty', 'an empty list of signed headers', HEADER, ['malformed', 'denied', 'signature'], FORGE, {}, authorization(/SignedHeaders=[^,]*/, 'SignedHeaders=')),
  bad('signed-headers-fewer', 'a list of signed headers without the date', CREATE, ['signature', 'denied'], 'A request without a signed date is good for ever.', {}, authorization(/;x-amz-date/, '')),
  bad('signed-headers-more', 'a list of signed headers with one more', CREATE, ['signature', 'denied'], 'What is said to be signed is not.', {}, authorization('SignedHeaders=', 'SignedHeaders=accept;'), field('accept', '*/*')),
  bad('credential-missing', 'no credential among its parts', HEADER, 'malformed', FORGE, {}, authorization(/ Credential=[^, ]*,/, '')),
  bad('credential-twice', 'two credentials, the wrong one first', HEADER, two, TWO, {}, authorization('Credential=', 'Credential=AKIAPROBE/20150830/us-east-1/s3/aws4_request, Credential=')),
  bad('signature-twice', 'two signatures, the wrong one first', HEADER, two, TWO, {}, authorization('Signature=', `Signature=${'0'.repeat(64)}, Signature=`)),
  bad('signature-twice-last', 'two signatures, the wrong one last', HEADER, two, TWO, {}, authorization(/$/, `, Signature=${'0'.repeat(64)}`)),
  bad('signed-headers-twice', 'two lists of signed headers', HEADER, two, TWO, {}, authorization('SignedHeaders=', 'SignedHeaders=host, SignedHeaders=')),
  bad('algorithm-sha1', 'an algorithm that is none of AWS', CREATE, sha1, WEAK, {}, authorization('AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA1')),
  bad('algorithm-none', 'the algorithm "none"', CREATE, sha1, WEAK, {}, authorization('AWS4-HMAC-SHA256', 'none')),
  bad('algorithm-lower-case', 'the algorithm in lower case', CREATE, sha1, WEAK, {}, authorization('AWS4-HMAC-SHA256', 'aws4-hmac-sha256')),
  bad('algorithm-ecdsa', 'the name of SigV4a over a signature of SigV4', CREATE, [...sha1, 'denied', 'signature'], WEAK, {}, authorization('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256')),
  bad('algorithm-bearer', 'the parts of a signature behind "Bearer"', CREATE, sha1, WEAK, {}, authorization('AWS4-HMAC-SHA256', 'Bearer')),
  bad('version-2', 'a signature of Version 2 that is none', 'https://docs.aws.amazon.com/AmazonS3/latest/API/specify-signature-version.html', ['signature', 'request', 'argument', 'unknown key'], FORGE, {}, authorization(/^.*$/, (text) => `AWS ${text.split(/[=/]/)[1]}:AAAAAAAAAAAAAAAAAAAAAAAAAAA=`)),
  bad('amz-date-header-alone', 'a date and no signature', CREATE, 'denied', FORGE, {}, without('authorization'), without('x-amz-content-sha256')),
])
