import { type CountersignError, deriveSigningKey } from 'countersign'
import * as sync from 'countersign/sync'
import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
})

const longTerm = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' }
const signingDate = new Date('2015-08-30T12:36:00Z')
const options = { service: 's3', region: 'eu-west-1', credentials: longTerm, signingDate }

/** What there is in a place, as it was found there. */
interface Place {
  readonly location?: { readonly href: string }
  readonly process?: { readonly versions: { readonly node?: string } }
}

const page = { location: { href: 'https://example.com/' } }
const node = { process: { versions: { node: '26.3.0' } } }

/** Signs where the platform looks like another. */
function attempt(place: Place, more: Partial<sync.SyncSignOptions> = {}): string {
  vi.stubGlobal('location', place.location)
  vi.stubGlobal('process', place.process)
  try {
    return sync.sign({ url: 'https://example.com/' }, { ...options, ...more }).signature
  } catch (error) {
    return (error as CountersignError).code
  } finally {
    vi.unstubAllGlobals()
  }
}

const SIGNATURE = /^[\da-f]{64}$/

// The matrix of runtimes asks the places themselves.
describe('a long-term key', () => {
  it.each<[string, Place]>([
    ['a page, or a worker of it', page],
    ['a page opened from a disk', { location: { href: 'file:///index.html' } }],
    ["a page with a bundler's stand-in for process", { ...page, process: { versions: {} } }],
  ])(
    'a key whose id starts with AKIA does not sign in a browser unless you say allowLongTermCredentials: true, in %s',
    (_, place) => {
      expect(attempt(place)).toBe('long-term-credentials')
      expect(attempt(place, { credentials: () => longTerm })).toBe('long-term-credentials')
      expect(attempt(place, { allowLongTermCredentials: true })).toMatch(SIGNATURE)
    },
  )

  it.each<[string, Place]>([
    ['Node, Bun and a worker of Bun', node],
    ['Deno with --location', { ...page, ...node }],
    ['a worker of Deno', { location: { href: 'file:///w.mjs' }, ...node }],
    ['workerd', {}],
    ['React Native', { process: { versions: {} } }],
  ])('is used in %s', (_, place) => {
    expect(attempt(place)).toMatch(SIGNATURE)
  })

  it('is one without a session token: a session is not refused', () => {
    const session = { ...longTerm, sessionToken: 'token' }
    expect(attempt(page, { credentials: session })).toMatch(SIGNATURE)
    const other = { ...longTerm, accessKeyId: 'ASIAIOSFODNN7EXAMPLE' }
    expect(attempt(page, { credentials: other })).toMatch(SIGNATURE)
  })

  it('is told by its id for a derived key too', async () => {
    const signingKey = await deriveSigningKey('secret', options)
    const scope = { date: '20150830', region: 'eu-west-1', service: 's3' }
    const credentials = { accessKeyId: longTerm.accessKeyId, signingKey, scope }
    expect(attempt(page, { credentials })).toBe('long-term-credentials')
    expect(attempt(page, { credentials, allowLongTermCredentials: true })).toMatch(SIGNATURE)
  })
})
