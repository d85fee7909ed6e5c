import type { MismatchCause, SignedRequest, SignOptions } from 'countersign'
import type { WireRequest } from '../reference.ts'
import type { Reading } from './answers.ts'

export const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
export const TOKEN = 'IQoJb3JpZ2luX2VjEXAMPLE+TOKEN/with=chars'
export const KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET }
export const TEMPORARY = { ...KEY, sessionToken: TOKEN }
export const NOW = new Date('2026-11-24T12:00:00Z')

/** A request that a client signs, and how a server comes to read another. */
export interface ClientCase {
  readonly name: string
  /** What the client signs. */
  readonly request: {
    readonly method?: string
    readonly url: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  }
  readonly options?: Partial<SignOptions>
  /** What happens to it on the way. */
  readonly onTheWay?: (wire: WireRequest) => WireRequest
  readonly server?: Reading
  readonly causes: readonly MismatchCause[]
  /** Part, line and column of each difference, but for those of the list of headers. */
  readonly places: readonly string[]
}

/** A signed request as it comes over the wire. */
export function onWire({ method, url, headers, body }: SignedRequest): WireRequest {
  const [, host = '', target = ''] = /^\w+:\/\/([^/?]*)(.*)$/s.exec(url) ?? []
  return {
    method,
    target: target.startsWith('/') ? target : `/${target}`,
    headers: [
      ...(headers.host === undefined ? [['host', host] as const] : []),
      ...Object.entries(headers),
    ],
    ...(typeof body === 'string' && { body }),
  }
}

/** What happens on the way. */
export type Change = (wire: WireRequest) => WireRequest

/** Another request target. */
export const target =
  (change: (target: string) => string): Change =>
  (wire) => ({ ...wire, target: change(wire.target) })
/** Another value of a header, or none. */
export const header =
  (wanted: string, value: string | undefined): Change =>
  (wire) => ({
    ...wire,
    headers: wire.headers.flatMap(([name, before]) =>
      name !== wanted ? [[name, before] as const] : value === undefined ? [] : [[name, value]],
    ),
  })
/** Another line of the server's canonical request. */
export const line =
  (at: number, change: (line: string) => string) =>
  (text: string): string =>
    text
      .split('\n')
      .map((it, index) => (index + 1 === at ? change(it) : it))
      .join('\n')

const API = 'https://abc.execute-api.eu-west-1.amazonaws.com'

/** A request for an API. */
export const get = (path: string, headers: Record<string, string> = {}) => ({
  url: API + path,
  headers,
})
