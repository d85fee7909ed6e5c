import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requirePart } from './parts.ts'

/** A certificate of 127.0.0.1 that signs itself. */
export interface Certificate {
  /** PEM texts. */
  readonly key: string
  readonly cert: string
  /** Where the certificate is, for clients that are to trust it. */
  readonly file: string
  /** Removes the files. */
  remove(): void
}

/** Makes a certificate for a server on the loopback. */
export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-tls-'))
  const [keyFile, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  execFileSync(
    requirePart('openssl'),
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-days', '2', '-keyout', keyFile, '-out', file],
    ],
    { stdio: 'ignore' },
  )
  return {
    key: readFileSync(keyFile, 'utf8'),
    cert: readFileSync(file, 'utf8'),
    file,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
