import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { x509 } from 'countersign/x509'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectError } from '../behaviours/common.ts'
import { describeWithPart, requirePart } from '../real/parts.ts'
import { faultOfSigned, signCall } from './common.ts'

/** How OpenSSL makes a key. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  'RSA 2048': ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'RSA 2047': ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2047'],
  'P-256': ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'P-384': ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  'P-521': ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'],
  'P-256 with its parameters before it': ['ecparam', '-name', 'prime256v1', '-genkey'],
}

describeWithPart('openssl', 'what OpenSSL makes and verifies', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-x509-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const openssl = (...args: readonly string[]): string =>
    execFileSync(requirePart('openssl'), args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')

  it.each(Object.entries(KINDS))('%s', async (_, made) => {
    openssl(...made, '-out', 'key.pem')
    // Without a number of its own, OpenSSL takes one of 20 bytes by chance.
    openssl('req', '-x509', '-new', '-key', 'key.pem', '-subj', '/CN=test', '-out', 'cert.pem')
    openssl('x509', '-in', 'cert.pem', '-outform', 'DER', '-out', 'cert.der')
    openssl('x509', '-in', 'cert.pem', '-pubkey', '-noout', '-out', 'pub.pem')
    openssl('pkey', '-in', 'key.pem', '-traditional', '-out', 'own.pem')
    openssl('pkcs8', '-topk8', '-nocrypt', '-in', 'key.pem', '-out', 'pkcs8.pem')
    openssl('pkcs8', '-topk8', '-nocrypt', '-in', 'key.pem', '-outform', 'DER', '-out', 'key.der')
    const [, serial] = openssl('x509', '-in', 'cert.pem', '-noout', '-serial').trim().split('=')
    const certificates = [read('cert.pem'), readFileSync(join(folder, 'cert.der'))]
    const keys = [
      read('key.pem'),
      read('own.pem'),
      read('pkcs8.pem'),
      readFileSync(join(folder, 'key.der')),
    ]

    for (const certificate of certificates)
      for (const privateKey of keys) {
        const signed = await signCall({ certificate, privateKey })
        expect(faultOfSigned(signed)).toBeUndefined()
        expect(signed.headers.authorization).toContain(`Credential=${BigInt(`0x${serial}`)}/`)
        writeFileSync(join(folder, 'text'), signed.trace.stringToSign)
        writeFileSync(join(folder, 'signature'), Buffer.from(signed.signature, 'hex'))
        const verified = ['-sha256', '-verify', 'pub.pem', '-signature', 'signature', 'text']
        expect(openssl('dgst', ...verified)).toBe('Verified OK\n')
      }
  })

  it('a certificate with words of its own before it, as openssl x509 -text writes it', async () => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      ...['-subj', '/CN=test', '-text', '-keyout', 'key.pem', '-out', 'cert.pem'],
    )
    expect(read('cert.pem')).toMatch(/^Certificate:/)
    const pair = { certificate: read('cert.pem'), privateKey: read('key.pem') }
    expect(faultOfSigned(await signCall(pair))).toBeUndefined()
  })

  it('a key that it has encrypted, which it decrypts as the error says', async () => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-passout',
      'pass:sesame',
      '-subj',
      '/CN=test',
      ...['-keyout', 'key.pem', '-out', 'cert.pem'],
    )
    openssl(
      'rsa',
      '-in',
      'key.pem',
      '-passin',
      'pass:sesame',
      '-traditional',
      '-aes256',
      ...['-passout', 'pass:sesame', '-out', 'old.pem'],
    )
    const certificate = read('cert.pem')
    expect(read('old.pem')).toContain('Proc-Type: 4,ENCRYPTED')
    for (const file of ['key.pem', 'old.pem']) {
      const privateKey = read(file)
      await expectError(
        () => x509({ certificate, privateKey }),
        'invalid-credentials',
        /openssl pkey -in key\.pem/,
      )
    }
    const privateKey = openssl('pkey', '-in', 'key.pem', '-passin', 'pass:sesame')
    expect(faultOfSigned(await signCall({ certificate, privateKey }))).toBeUndefined()
  })

  it.each(['ed25519', 'ed448', 'RSA-PSS'])('and no key of %s', async (kind) => {
    openssl('genpkey', '-algorithm', kind, '-out', 'key.pem')
    openssl('req', '-x509', '-new', '-key', 'key.pem', '-subj', '/CN=test', '-out', 'cert.pem')
    const pair = { certificate: read('cert.pem'), privateKey: read('key.pem') }
    await expectError(() => x509(pair), 'invalid-credentials', /RSA, P-256, P-384 or P-521/)
  })
})
