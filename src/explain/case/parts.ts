import type { SigningCredentials } from '../../model/types.ts'

/** A canonical request, part by part. */
export interface CanonicalParts {
  readonly method: string
  readonly path: string
  readonly query: string
  /** Lines by header name, in the order of `signedHeaders`. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly signedHeaders: string
  readonly payloadHash: string
}

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
  [
    parts.method,
    parts.path,
    parts.query,
    ...parts.headers.map(([name, value]) => `${name}:${value}`),
    '',
    parts.signedHeaders,
    parts.payloadHash,
  ].join('\n')

/** The parts of a canonical request; undefined where it is none. */
export function parseParts(canonicalRequest: string): CanonicalParts | undefined {
  const lines = canonicalRequest.split('\n')
  const [method, path, query] = lines
  const payloadHash = lines[lines.length - 1]
  const signedHeaders = lines[lines.length - 2]
  if (lines.length < 6 || lines[lines.length - 3] !== '') return undefined
  const headers = lines.slice(3, -3).map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, Math.max(colon, 0)), line.slice(colon + 1)] as const
  })
  return {
    method: method as string,
    path: path as string,
    query: query as string,
    headers,
    signedHeaders: signedHeaders as string,
    payloadHash: payloadHash as string,
  }
}

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
