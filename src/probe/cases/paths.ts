import { target } from '../changes.ts'
import { bad, type Case, good, group } from './case.ts'
import { CANONICAL, DOTS, KEYS, PERCENT } from './sources.ts'

const OTHER = 'Who has a request to one object reads another.'
const DOT =
  'Where a path is tidied before or after it is judged, a request to one object reads another.'

const put = (key: string) => ({ key, body: 'text' })

// biome-ignore format: a case is a line
export const PATHS: readonly Case[] = group('paths', 's3', [
  good('key-blank', 'a blank', KEYS, put('a%20b')),
  good('key-plus', 'an encoded plus', KEYS, put('a%2Bb')),
  good('key-marks', "characters that only some encode: !'()*", CANONICAL, put("a!'()*b")),
  good('key-marks-encoded', 'the same, encoded', CANONICAL, put('c%21%27%28%29%2Ad')),
  good('key-delimiters', 'characters that are encoded in the canonical path: $&,:;=@', CANONICAL, put('a$&,:;=@b')),
  good('key-delimiters-encoded', 'the same, encoded', CANONICAL, put('c%24%26%2C%3A%3B%3D%40d')),
  good('key-tilde', 'a tilde', CANONICAL, put('~a~')),
  good('key-tilde-encoded', 'an encoded tilde', PERCENT, put('%7Eb')),
  good('key-letter-encoded', 'an encoded letter', PERCENT, put('%61bc')),
  good('key-utf8', 'letters outside of ASCII', KEYS, put('%C3%BC%E6%97%A5')),
  good('key-emoji', 'a character of two units', KEYS, put('%F0%9F%98%80')),
  good('key-combining', 'a letter of two characters, which are not one', KEYS, put('e%CC%81')),
  good('key-lower-case', 'an encoding in lower case', PERCENT, put('%c3%a9')),
  good('key-percent', 'an encoded percent sign', PERCENT, put('100%25')),
  good('key-percent-twice', 'what looks as if it were encoded twice', PERCENT, put('a%2520b')),
  good('key-question', 'an encoded question mark', PERCENT, put('a%3Fb=c')),
  good('key-hash', 'an encoded number sign', PERCENT, put('a%23b')),
  good('key-slash-encoded', 'an encoded slash', KEYS, put('a%2Fb')),
  good('key-slashes', 'two slashes one after the other', CANONICAL, put('a//b')),
  good('key-slash-first', 'a slash at the start', CANONICAL, put('/a')),
  good('key-folder', 'a slash at the end', KEYS, { key: 'folder/', body: '' }),
  good('key-dots', 'dots that are no segments of their own', KEYS, put('..a/b..c/...')),
  good('key-quotes', 'quotes and brackets, encoded', KEYS, put('%22%3Ca%3E%22%7B%7D%5B%5D')),
  good('key-backslash', 'an encoded backslash', KEYS, put('a%5Cb')),
  good('key-proto', 'a name that every JavaScript object has', KEYS, put('__proto__')),
  good('key-amz', 'what looks like a signature', KEYS, put('X-Amz-Signature=0')),
  good('key-long', 'a key of 900 characters', KEYS, put(Array.from({ length: 9 }, () => 'a'.repeat(99)).join('/'))),

  bad('path-changed', 'another object', CANONICAL, 'signature', OTHER, {}, target('a.txt', 'b.txt')),
  bad('path-case', 'the key in another case', CANONICAL, 'signature', OTHER, {}, target('a.txt', 'A.txt')),
  bad('path-slash-added', 'a slash at the end', CANONICAL, 'signature', OTHER, {}, target('a.txt', 'a.txt/')),
  bad('path-slash-doubled', 'two slashes where one was signed', CANONICAL, 'signature', DOT, {}, target('/a.txt', '//a.txt')),
  bad('path-dots', 'a path that goes up to another object', DOTS, ['signature', 'uri'], DOT, {}, target('a.txt', 'a.txt/../b.txt')),
  bad('path-dots-back', 'a path that goes down and up to the signed one', DOTS, ['signature', 'uri'], DOT, {}, target('a.txt', 'x/../a.txt')),
  bad('path-dots-encoded', 'encoded dots that go up to another object', DOTS, ['signature', 'uri'], DOT, {}, target('a.txt', 'a.txt/%2e%2e/b.txt')),
  bad('path-dot', 'a dot where none was signed', DOTS, ['signature', 'uri'], DOT, {}, target('/a.txt', '/./a.txt')),
  bad('path-dot-encoded', 'an encoded dot where none was signed', DOTS, ['signature', 'uri'], DOT, {}, target('/a.txt', '/%2e/a.txt')),
  bad('path-backslash', 'a backslash in place of a slash', 'https://url.spec.whatwg.org/#path-state', ['signature', 'uri'], DOT, {}, target('/a.txt', '\\a.txt')),
  bad('path-encoded-twice', 'a path that is encoded once more', PERCENT, 'signature', OTHER, { key: 'a%20b' }, target('%20', '%2520')),
  bad('path-decoded', 'a path that is decoded once more', PERCENT, 'signature', OTHER, { key: 'a%2541' }, target('%2541', '%41')),
  bad('path-nul', 'a zero byte behind the key', PERCENT, ['signature', 'uri'], OTHER, {}, target('a.txt', 'a.txt%00')),
  bad('path-parameters', 'parameters of a path segment', 'https://www.rfc-editor.org/rfc/rfc3986#section-3.3', 'signature', OTHER, {}, target('a.txt', 'a.txt;b')),
  bad('path-in-query', 'an encoded question mark that becomes one', PERCENT, 'signature', OTHER, { key: 'a.txt%3Facl' }, target('%3F', '?')),
])
