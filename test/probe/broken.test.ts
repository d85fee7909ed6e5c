import { expect, it } from 'vitest'
import { exampleKey, exampleSession } from '../support/example-key.ts'
import { FAULTS, type Fault, startBroken } from './broken-server.ts'
import { LONG, results, s3, wrong } from './common.ts'

/** What must be told of each fault, and nothing else. */
const TOLD: Readonly<Record<keyof typeof FAULTS, string>> = {
  'lets anyone in':
    'anonymous authorization-empty put-anonymous amz-date-header-alone date-missing date-twice date-twice-first date-extended date-impossible date-day-alone date-no-date unsigned-trailer-anonymous form-anonymous',
  'does not compare signatures':
    'header-changed header-case-changed header-second header-repeated headers-swapped header-joined content-type-changed method-head query-added put-with-get delete-with-get metadata-changed secret-wrong secret-empty signature-changed signature-changed-first signature-short signature-half signature-long signature-zeros signed-headers-more scope-key-elsewhere scope-in-text date-changed host-changed host-of-other host-forwarded host-forwarded-rfc host-original host-twice host-twice-first host-port query-changed query-dropped query-name-changed query-value-case query-second query-once query-blank-for-plus query-decoded query-split query-semicolon acl-added tagging-added uploads-added version-added response-added path-changed path-case path-slash-added path-slash-doubled path-dots path-dots-back path-dots-encoded path-dot path-dot-encoded path-encoded-twice path-decoded path-nul path-parameters path-in-query url-expires-raised url-date-raised url-expires-unsigned url-signed-headers-fewer url-signature-changed url-secret-wrong url-query-added url-query-changed url-query-dropped url-method url-header-changed url-host url-forwarded-host url-put-with-get url-delete-with-get url-path url-acl-query url-type-changed url-acl-resource url-uploads url-response hash-changed hash-to-unsigned hash-to-streaming seed-forged seed-secret chunks-to-unsigned decoded-length unsigned-trailer-forged unsigned-trailer-secret form-signature form-secret form-policy-changed',
  'reads signatures in any case': 'signature-upper-case',
  'reads key ids in any case': 'key-in-other-case',
  'has no clock': 'minutes-late minutes-early day-late day-early year-late date-beside url-future',
  'lets URLs never end': 'url-expired url-expired-week url-future',
  'lets URLs be for years': 'url-expires-week url-expires-years',
  'takes any region': 'scope-region scope-region-case scope-region-query form-region',
  'takes any service': 'scope-service scope-service-query',
  'believes X-Forwarded-Host': 'host-forwarded url-forwarded-host',
  'takes unsigned x-amz-…':
    'amz-unsigned amz-unsigned-underscore metadata-unsigned acl-unsigned copy-unsigned redirect-unsigned tagging-unsigned encryption-unsigned url-amz-unsigned url-acl-unsigned url-copy-unsigned hash-unsigned token-added',
  'takes unsigned dates': 'signed-headers-fewer date-unsigned date-unsigned-late',
  'takes unsigned hosts': 'host-unsigned',
  'reads HEAD as GET': 'method-head url-method',
  'reads the first of two parameters':
    'url-credential-twice url-signed-headers-twice url-signature-twice',
  'reads the last of two parameters': 'url-credential-first url-signature-first',
  'prefers the query to the header': 'both both-bearer',
  'passes over sub-resources': 'acl-added tagging-added version-added url-acl-resource',
  'tidies paths before it judges': 'path-dots-back path-dot path-dot-encoded',
  'does not hash bodies':
    'body-changed body-longer body-shorter body-dropped body-added hash-word hash-short hash-of-nothing',
  'does not check chunks':
    'chunk-changed chunk-changed-last chunk-forged chunk-forged-end chunk-empty-signature chunks-swapped chunk-dropped chunk-repeated decoded-length-short trailer-chunk-changed',
  'does not check checksums':
    'md5-wrong md5-short md5-unsigned-body crc32-wrong crc32c-wrong crc64nvme-wrong sha1-wrong sha256-wrong crc32-short sha256-unsigned-body trailer-wrong unsigned-trailer-wrong unsigned-trailer-changed',
  'does not check unsigned trailers':
    'hash-to-streaming chunks-to-unsigned unsigned-trailer-forged unsigned-trailer-secret unsigned-trailer-missing',
  'does not check policies':
    'form-key form-key-uncovered form-bucket form-field-uncovered form-acl-uncovered form-field-changed form-starts-otherwise form-field-missing form-large form-small',
  'takes any session token':
    'token-changed token-twice token-twice-first token-url-dropped token-url-changed',
  'takes a request twice': 'replay replay-url',
}

/** All that is told of a server with a fault. */
async function toldOf(fault?: Fault): Promise<string[]> {
  const server = await startBroken(fault)
  const options = {
    ...s3,
    url: server.url,
    credentials: fault?.session ? exampleSession : exampleKey,
  }
  const all = await results({ ...options, replays: 'refused' })
  await server.close()
  expect(all.length).toBeGreaterThan(400)
  return wrong(all).map((line) =>
    // What does no harm by itself is told as well.
    line.replace(/ (let-in: It was let in: 2\d\d\.|differs: It was let in \(2\d\d\),) .*/, ''),
  )
}

it('a right server is told nothing', async () => expect(await toldOf()).toEqual([]), LONG)

it.each(Object.entries(FAULTS) as [keyof typeof FAULTS, Fault][])(
  'a server that %s is caught, and nothing else is told of it',
  async (name, fault) => {
    expect(await toldOf(fault)).toEqual(TOLD[name].split(' '))
  },
  LONG,
)
