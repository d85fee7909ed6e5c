import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { CountersignError } from 'countersign'
import { x509 } from 'countersign/x509'
import { describe, expect, it } from 'vitest'
import { expectError } from '../behaviours/common.ts'
import { BOUND, growthOf } from '../support/growth.ts'
import { fc } from '../support/properties.ts'
import { ec, intermediate, KINDS, makeCertificate, makeKeys, rsa } from './certificates.ts'
import { faultOfSigned, signCall } from './common.ts'

const keys = makeKeys('P-256')
const { privateKey } = keys
const idOf = (certificate: Uint8Array) => x509({ certificate, privateKey }).credentials.accessKeyId

describe('a certificate', () => {
  it.each(KINDS)('with a key of %s signs', async (kind) => {
    const pair = makeKeys(kind)
    const certificate = makeCertificate('4d2f', pair)
    const forms = [
      pair.privateKey,
      pair.privateKey.export({ format: 'pem', type: kind.startsWith('P') ? 'sec1' : 'pkcs1' }),
    ]
    // An ECDSA signature has a byte more or less by its numbers.
    for (const privateKey of forms)
      for (let round = 0; round < 8; round++)
        expect(faultOfSigned(await signCall({ certificate, privateKey }))).toBeUndefined()
  })

  it.each([
    ['00', '0'],
    ['7f', '127'],
    ['0080', '128'],
    ['00ff02', '65282'],
    [`7f${'ff'.repeat(19)}`, `${2n ** 159n - 1n}`],
    [`00${'ff'.repeat(20)}`, `${2n ** 160n - 1n}`],
    // As Go's big.Int says it.
    ['ff', '-1'],
    ['80', '-128'],
    ['ff02', '-254'],
  ])('has its serial number %s in decimal: %s', (digits, decimal) => {
    expect(idOf(makeCertificate(digits, keys))).toBe(decimal)
  })

  it('has the serial number that OpenSSL reads, whatever it is', () => {
    const digits = fc.bigInt({ min: 1n, max: 2n ** 159n - 1n }).map((number) => {
      const hex = number.toString(16)
      const whole = hex.length % 2 ? `0${hex}` : hex
      return /^[89a-f]/.test(whole) ? `00${whole}` : whole
    })
    fc.assert(
      fc.property(digits, (digits) => {
        const der = makeCertificate(digits, keys)
        expect(idOf(der)).toBe(`${BigInt(`0x${new X509Certificate(der).serialNumber}`)}`)
      }),
      { numRuns: 50 },
    )
  })

  it('of version 1 is read too', () => {
    expect(idOf(makeCertificate('4d2f', keys, 'v1'))).toBe('19759')
  })

  it.each(['ed25519', 'x25519', 'secp256k1', 'rsa-pss'])(
    'with a key of %s is refused by name',
    async (kind) => {
      const publicKey =
        kind === 'rsa-pss'
          ? generateKeyPairSync('rsa-pss', { modulusLength: 1024 }).publicKey
          : kind === 'secp256k1'
            ? generateKeyPairSync('ec', { namedCurve: kind }).publicKey
            : generateKeyPairSync(kind as 'ed25519').publicKey
      const certificate = makeCertificate('01', { privateKey, publicKey })
      await expectError(
        () => x509({ certificate, privateKey }),
        'invalid-credentials',
        /RSA, P-256, P-384 or P-521/,
      )
    },
  )

  it('is refused where it is none, or not whole', async () => {
    const der = makeCertificate('4d2f', keys)
    const longer = Buffer.concat([der, Buffer.alloc(1)])
    const wrong = [
      ...[
        '',
        ec.privateKey,
        '-----BEGIN CERTIFICATE-----',
        '-----BEGIN CERTIFICATE----------END CERTIFICATE-----',
      ],
      ...[ec.certificate.replace('END', 'EMD'), ec.certificate.replace(/M/, '*')],
      ...[longer, der.subarray(1), der.subarray(0, -1), new Uint8Array(), new Uint8Array(9)],
      ...[makeCertificate('', keys), makeCertificate('01'.repeat(65), keys)],
      ...[undefined, null, 7, {}].map((it) => it as never),
    ]
    for (const certificate of wrong)
      await expectError(
        () => x509({ certificate, privateKey }),
        'invalid-credentials',
        /pass certificate as X\.509/,
      )
    for (const chain of [ec.privateKey, longer, [intermediate, ''], new Uint8Array(9)])
      await expectError(() => x509({ ...ec, chain }), 'invalid-credentials', /pass chain as X\.509/)
  })
})

/** What a text or bytes become by some changes: cut, doubled, bytes put in place of others. */
const changed = (from: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(
      fc.constantFrom(...from),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
      fc.nat(),
      fc.constantFrom('whole', 'cut', 'doubled'),
    )
    .map(([start, changes, at, how]) => {
      const bytes = Uint8Array.from(start)
      for (const [place, byte] of changes) bytes[place % bytes.length] = byte
      if (how === 'cut') return bytes.subarray(0, at % bytes.length)
      return how === 'doubled' ? Buffer.concat([bytes, bytes.subarray(at % bytes.length)]) : bytes
    })

/** A call that gives something, or fails by a code. */
async function holdsOrCode(call: () => unknown): Promise<void> {
  try {
    await call()
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error
    expect(error.code).toBe('invalid-credentials')
  }
}

describe('nonsense', () => {
  const texts = [ec, rsa].flatMap(({ certificate, privateKey }) => [certificate, privateKey])
  const der = texts.map((pem) => Buffer.from(pem.split('-----')[2] as string, 'base64'))
  const odd = fc.oneof(
    changed(der),
    changed(texts.map((text) => Buffer.from(text))),
    fc.uint8Array({ maxLength: 40 }),
    fc.string().map((text) => Buffer.from(text)),
  )

  it('in the place of a certificate or a chain is refused by a code, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(odd, fc.boolean(), async (bytes, asText) => {
        const input = asText ? Buffer.from(bytes).toString('latin1') : bytes
        await holdsOrCode(() => x509({ ...ec, certificate: input }))
        await holdsOrCode(() => x509({ ...ec, chain: input }))
      }),
      { numRuns: 1000 },
    )
  })

  it('in the place of a key, or a key that is wrong, too, at the latest when it signs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(ec, rsa), odd, async ({ certificate }, bytes) =>
        holdsOrCode(() => signCall({ certificate, privateKey: bytes })),
      ),
      { numRuns: 300 },
    )
  })

  it('and a certificate whose key is changed, too', async () => {
    const certificates = changed(
      [ec, rsa].map(({ certificate }) =>
        Buffer.from(certificate.split('-----')[2] as string, 'base64'),
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        certificates,
        fc.constantFrom(ec, rsa),
        async (certificate, { privateKey }) =>
          holdsOrCode(() => signCall({ certificate, privateKey })),
      ),
      { numRuns: 300 },
    )
  })

  const ofLength = (size: number, unit: string) => unit.repeat(Math.ceil(size / unit.length))
  const elementOf = (tag: number, content: Buffer) => {
    const head = Buffer.from([tag, 0x84, 0, 0, 0, 0])
    head.writeUInt32BE(content.length, 2)
    return Buffer.concat([head, content])
  }
  const within = (content: Buffer) => elementOf(0x30, elementOf(0x30, content))
  const rest = Buffer.from(`${'0500'.repeat(4)}30020500`, 'hex')
  it.each<[string, (size: number) => string | Uint8Array]>([
    ['dashes', (size) => ofLength(size, '-')],
    ['beginnings', (size) => ofLength(size, '-----BEGIN CERTIFICATE-----')],
    [
      'blocks',
      (size) => ofLength(size, '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n'),
    ],
    [
      'blanks',
      (size) => `-----BEGIN CERTIFICATE-----${ofLength(size, ' \n')}-----END CERTIFICATE-----`,
    ],
    [
      'padding',
      (size) => `-----BEGIN CERTIFICATE-----${ofLength(size, '=')}-----END CERTIFICATE-----`,
    ],
    ['a label', (size) => `-----BEGIN ${ofLength(size, 'A')}-----`],
    ['empty elements', (size) => within(Buffer.alloc(size))],
    [
      'a serial number',
      // With all else that a certificate has, so that the number is looked at.
      (size) => within(Buffer.concat([elementOf(2, Buffer.alloc(size, 1)), rest])),
    ],
  ])('of %s is read in linear time', async (_, make) => {
    const growth = await growthOf(2_000_000, (size) => {
      const input = make(size)
      const chain = typeof input === 'string' ? input : [input]
      return () =>
        Promise.all([
          holdsOrCode(() => x509({ ...ec, certificate: input })),
          holdsOrCode(() => x509({ ...ec, chain })),
          holdsOrCode(() => x509({ ...ec, privateKey: input })),
        ])
    })
    expect(growth).toBeLessThan(BOUND)
  })
})
