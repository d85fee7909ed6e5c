import { authorization, type Change, field, parameter, resigned } from '../changes.ts'
import { bad, type Case, group, odd } from './case.ts'
import { CREATE, ELEMENTS, HEADER, QUERY, TROUBLE } from './sources.ts'

const OTHER = 'A key that was derived for another day, region or service opens this one.'
const MALFORMED = ['malformed', 'scope'] as const
const IN_QUERY = ['malformed query', 'scope of query'] as const

/** Other parts of the scope in the Authorization header, the string to sign and the signing key. */
const scoped =
  (change: (parts: readonly string[]) => readonly string[]): Change =>
  async (draft) => {
    const scope = draft.trace?.stringToSign.split('\n')[2] ?? ''
    const other = change(scope.split('/')).join('/')
    await resigned({ text: [[`\n${scope}\n`, `\n${other}\n`]] })(draft)
    await authorization(`/${scope},`, `/${other},`)(draft)
  }

// biome-ignore format: a case is a line
export const SCOPES: readonly Case[] = group('scopes', 'any', [
  bad('scope-region', 'a scope of another region', TROUBLE, 'scope', OTHER, { region: 'mars-north-1' }),
  bad('scope-service', 'a scope of another service', TROUBLE, 'scope', OTHER, { service: 'probe' }),
  bad('scope-region-case', 'a scope of the region in upper case', ELEMENTS, 'scope', OTHER, { region: 'US-EAST-1' }),
  bad('scope-day', 'a scope of another day than the date', TROUBLE, ['scope', 'signature'], 'A key that was derived for one day opens all others.', {}, scoped(([, ...more]) => ['20150830', ...more])),
  odd('scope-end', 'a scope that does not end in aws4_request', ELEMENTS, MALFORMED, {}, scoped((parts) => parts.with(-1, 'aws5_request'))),
  odd('scope-region-empty', 'a scope without a region', ELEMENTS, MALFORMED, {}, scoped((parts) => parts.with(1, ''))),
  odd('scope-long', 'a scope with a part more', ELEMENTS, MALFORMED, {}, scoped(([day = '', ...more]) => [day, 'x', ...more])),
  odd('scope-short', 'a scope with a part less', ELEMENTS, MALFORMED, {}, scoped(([day = '', , ...more]) => [day, ...more])),
  bad('scope-none', 'a key id without a scope', HEADER, 'malformed', OTHER, {}, authorization(/(Credential=[^/]+)[^,]*/, '$1')),
  odd('scope-date-form', 'a scope whose date has hyphens', ELEMENTS, MALFORMED, {}, scoped(([day = '', ...more]) => [day.replace(/(....)(..)(..)/, '$1-$2-$3'), ...more])),
  bad('scope-region-changed', 'another region in the scope than the one that was signed for', TROUBLE, ['scope', 'signature'], OTHER, {}, (draft) => authorization(`/${draft.region}/`, '/mars-north-1/')(draft)),
  bad('scope-service-changed', 'another service in the scope than the one that was signed for', TROUBLE, ['scope', 'signature'], OTHER, {}, (draft) => authorization(`/${draft.service}/aws4`, '/probe/aws4')(draft)),
  bad('scope-key-elsewhere', 'a signing key of another region under the scope of this one', CREATE, 'signature', OTHER, { region: 'mars-north-1' }, (draft) => authorization('mars-north-1', draft.region)(draft)),
  bad('scope-in-text', 'a string to sign without the scope that the header has', CREATE, 'signature', OTHER, {}, resigned({ text: [[/aws4_request/, 'aws4_request/x']] })),
  bad('scope-region-query', 'a presigned URL of another region', QUERY, 'scope of query', OTHER, { place: 'query', region: 'mars-north-1' }),
  bad('scope-service-query', 'a presigned URL of another service', QUERY, 'scope of query', OTHER, { place: 'query', service: 'probe' }),
  bad('scope-changed-query', 'a presigned URL with another day in its scope', QUERY, [...IN_QUERY, 'signature'], OTHER, { place: 'query' }, parameter('X-Amz-Credential', (value) => value.replace(/%2F\d{8}/, '%2F20150830'))),
  bad('scope-none-query', 'a presigned URL whose credential is a key id alone', QUERY, IN_QUERY, OTHER, { place: 'query' }, parameter('X-Amz-Credential', (value) => value.split('%2F')[0] ?? '')),
  bad('scope-date-changed', 'another day in the date than in the scope', TROUBLE, ['scope', 'signature', 'skewed'], OTHER, {}, field('x-amz-date', '20150830T123600Z')),
])
