import { type CanonicalParts, formatCanonicalRequest } from '../../canonical/canonical-request.ts'
import type { SigningCredentials } from '../../model/types.ts'

/** What a signature is made of, part by part, so that one can be changed at a time. */
export interface Parts extends CanonicalParts {
  readonly amzDate: string
  readonly credentialScope: string
  /** The scope that the key is derived for, where it is another. */
  readonly keyScope?: string
  readonly key: SigningCredentials
}

/** The canonical request of the parts. */
export const formatParts = (parts: CanonicalParts): string =>
  formatCanonicalRequest(
    parts.method,
    parts.path,
    parts.query,
    parts.headers.map(([name, value]) => `${name}:${value}\n`).join(''),
    parts.signedHeaders,
    parts.payloadHash,
  )

/** The parts with one header's canonical value replaced. */
export const withHeader = (parts: Parts, name: string, value: string): Parts => ({
  ...parts,
  headers: parts.headers.map((field) => (field[0] === name ? ([name, value] as const) : field)),
})

/** The parts with other headers, or the same in another order. */
export const withHeaders = (parts: Parts, headers: Parts['headers']): Parts => ({
  ...parts,
  headers,
  signedHeaders: headers.map(([name]) => name).join(';'),
})

/** The parts with a header left out of the block and of the list. */
export const withoutHeader = (parts: Parts, name: string): Parts =>
  withHeaders(
    parts,
    parts.headers.filter(([header]) => header !== name),
  )
