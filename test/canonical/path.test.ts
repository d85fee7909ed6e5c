import { describe, expect, it } from 'vitest'
import { canonicalPath, isDotSegment } from '../../src/canonical/path.ts'

type Options = Parameters<typeof canonicalPath>[1]

const s3: Options = { pathEncoding: 'single', pathNormalization: 'none' }
const api: Options = {}
const literal: Options = { dotSegments: 'literal' }

describe('the canonical path', () => {
  it.each<[string, Options, string, string]>([
    ['S3', s3, '', '/'],
    ['S3', s3, '/', '/'],
    ['S3', s3, '/a/b~c-d_e.f', '/a/b~c-d_e.f'],
    ['S3', s3, '//a///b/', '//a///b/'],
    ['S3', s3, '/a b/%c3%BC/%7E/%zz/+', '/a%20b/%C3%BC/~/%25zz/%2B'],
    ['S3', s3, '/a%2Fb', '/a%2Fb'],
    ['S3', s3, '/ ', '/%20'],
    ['S3', s3, '/...', '/...'],
    ['S3', s3, '/.a/b./..c', '/.a/b./..c'],
    ['S3, literally', { ...s3, ...literal }, '/a/../b/./%2e', '/a/../b/./.'],
    ['another service', api, '', '/'],
    ['another service', api, '//', '/'],
    ['another service', api, '//a///b//', '/a/b/'],
    ['another service', api, '/a/', '/a/'],
    ['another service', api, '/a%20b/@*+', '/a%2520b/%40%2A%2B'],
    ['another service', api, '/@', '/%40'],
    ['another service', api, '/a/../b', '/b'],
    ['another service', api, '/a/b/..', '/a/'],
    ['another service', api, '/a/b/.', '/a/b/'],
    ['another service', api, '/a/./b', '/a/b'],
    ['another service', api, '/../../a', '/a'],
    ['another service', api, '/..', '/'],
    ['another service', api, '/.', '/'],
    ['another service', api, '/a/...', '/a/...'],
    ['another service', api, '/a/b../c', '/a/b../c'],
    ['another service', api, '/a/../b//c', '/b/c'],
    ['another service, literally', literal, '/a//../b', '/b'],
    ['another service, literally', literal, '/%2e/a', '/%252e/a'],
    ['another service, single', { pathEncoding: 'single' }, '/a%20b', '/a%20b'],
    ['another service, not normalised', { pathNormalization: 'none' }, '//a b', '//a%20b'],
  ])('of %s: %j %s → %s', (_, options, path, canonical) =>
    expect(canonicalPath(path, options)).toBe(canonical),
  )

  it.each<[string, Options]>([
    ['/..', s3],
    ['/.', s3],
    ['/a/../b', s3],
    ['/a/./b', s3],
    ['/a/%2e%2E/b', s3],
    ['/a/.%2e', s3],
    ['/%2e', s3],
    // A URL parser reads %2e as a dot, AWS does not.
    ['/a/%2e/b', api],
    ['/a/%2E%2e/b', api],
    // Behind an empty segment a parser resolves .. to another.
    ['/a//../b', api],
    ['//..', api],
    ['//a/../b', api],
  ])('%s is refused', (path, options) =>
    expect(() => canonicalPath(path, options)).toThrow(
      expect.objectContaining({ code: 'dot-segments' }),
    ),
  )
})

describe('a dot segment', () => {
  it.each(['.', '..', '%2e', '%2E', '.%2e', '%2e.', '%2e%2E'])('is %s', (segment) =>
    expect(isDotSegment(segment)).toBe(true),
  )
  it.each(['', '...', 'a.', '.a', '%2e%2e%2e', '%2f', 'a..', '..a'])('is not %s', (segment) =>
    expect(isDotSegment(segment)).toBe(false),
  )
})
