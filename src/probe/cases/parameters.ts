import { parameter, query, target } from '../changes.ts'
import { bad, type Case, good, group } from './case.ts'
import { CREATE, GET, PERCENT, TROUBLE } from './sources.ts'

const MORE = 'Whoever stands between asks for something else, under the signature of another.'
const OTHER = 'What is signed for an object does something else with it.'

// biome-ignore format: a case is a line
export const PARAMETERS: readonly Case[] = group('parameters', 'any', [
  good('query', 'a parameter', CREATE, { query: 'x-id=GetObject' }),
  good('query-blank', 'a blank in a value', CREATE, { query: 'x-id=a%20b' }),
  good('query-plus', 'an encoded plus in a value', PERCENT, { query: 'x-id=a%2Bb' }),
  good('query-slash', 'an encoded slash in a value', PERCENT, { query: 'x-id=a%2Fb' }),
  good('query-slash-raw', 'a slash in a value, as it is', CREATE, { query: 'x-id=a/b' }),
  good('query-marks', "characters that only some encode: !'()*", CREATE, { query: "x-id=!'()*" }),
  good('query-marks-encoded', 'the same, encoded', CREATE, { query: 'x-id=%21%27%28%29%2A' }),
  good('query-tilde', 'a tilde', CREATE, { query: 'x-id=~' }),
  good('query-tilde-encoded', 'an encoded tilde', PERCENT, { query: 'x-id=%7E' }),
  good('query-utf8', 'letters outside of ASCII', CREATE, { query: 'x-id=%C3%BC%F0%9F%98%80' }),
  good('query-lower-case', 'an encoding in lower case', PERCENT, { query: 'x-id=%c3%bc' }),
  good('query-percent', 'an encoded percent sign', PERCENT, { query: 'x-id=100%25' }),
  good('query-equals', 'an equals sign in a value', CREATE, { query: 'x-id=a=b' }),
  good('query-colon', 'a colon, an at sign and a comma in a value', CREATE, { query: 'x-id=a:b@c,d' }),
  good('query-empty', 'a value that is empty', CREATE, { query: 'x-id=' }),
  good('query-bare', 'a name without a value', CREATE, { query: 'x-id' }),
  good('query-twice', 'a parameter that comes twice', CREATE, { query: 'x-id=b&x-id=a' }),
  good('query-same', 'a parameter that comes twice with the same value', CREATE, { query: 'x-id=a&x-id=a' }),
  good('query-order', 'parameters that are not in order', CREATE, { query: 'x-id=b&x-amz-probe=a' }),
  good('query-long', 'a value of 2000 characters', CREATE, { query: `x-id=${'a'.repeat(2000)}` }),
  good('query-amp', 'an ampersand more than is needed', CREATE, { query: 'x-id=a&' }),

  bad('query-changed', 'another value', TROUBLE, 'signature', MORE, { query: 'x-id=a' }, parameter('x-id', 'b')),
  bad('query-dropped', 'a parameter that does not come', TROUBLE, 'signature', MORE, { query: 'x-id=a' }, target('?x-id=a', '')),
  bad('query-name-changed', 'the name of a parameter in another case', CREATE, 'signature', MORE, { query: 'x-id=a' }, target('x-id', 'X-Id')),
  bad('query-value-case', 'a value in another case', CREATE, 'signature', MORE, { query: 'x-id=a' }, parameter('x-id', 'A')),
  bad('query-second', 'a second value that was not signed', CREATE, 'signature', MORE, { query: 'x-id=a' }, query('x-id=b')),
  bad('query-once', 'one value where two were signed', CREATE, 'signature', MORE, { query: 'x-id=a&x-id=b' }, target('&x-id=b', '')),
  bad('query-blank-for-plus', 'a blank where a plus was signed', PERCENT, 'signature', MORE, { query: 'x-id=a%2Bb' }, target('%2B', '%20')),
  bad('query-decoded', 'a value that is decoded once more', PERCENT, 'signature', MORE, { query: 'x-id=a%2541' }, target('%2541', '%41')),
  bad('query-split', 'a value whose ampersand is decoded', PERCENT, 'signature', MORE, { query: 'x-id=a%26x-amz-probe=b' }, target('%26', '&')),
  bad('query-semicolon', 'a parameter behind a semicolon', 'https://url.spec.whatwg.org/#urlencoded-parsing', 'signature', MORE, { query: 'x-id=a' }, target('x-id=a', 'x-id=a;x-amz-probe=b')),
])

// biome-ignore format: a case is a line
export const PARAMETERS_OF_S3: readonly Case[] = group('parameters', 's3', [
  good('response-type', 'another type of the answer', GET, { query: 'response-content-type=text%2Fplain%3B%20charset%3Dutf-8' }),
  good('response-disposition', 'a name to save the answer by', GET, { query: "response-content-disposition=attachment%3B%20filename%3D%22a%20b%22%3B%20filename%2A%3DUTF-8''%C3%BC" }),

  bad('acl-added', '?acl, which was not signed', TROUBLE, 'signature', OTHER, {}, query('acl')),
  bad('tagging-added', '?tagging, which was not signed', TROUBLE, 'signature', OTHER, { body: '<Tagging><TagSet/></Tagging>' }, query('tagging')),
  bad('uploads-added', '?uploads, which was not signed', TROUBLE, 'signature', OTHER, { method: 'POST', body: '' }, query('uploads')),
  bad('version-added', '?versionId, which was not signed', TROUBLE, 'signature', 'Whoever stands between has an old version read for the new one.', {}, query('versionId=null')),
  bad('response-added', 'another type of the answer, which was not signed', GET, 'signature', 'A text is shown as a page with a script.', {}, query('response-content-type=text/html')),
])
