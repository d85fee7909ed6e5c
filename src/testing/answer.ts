import { element, unescapeXml } from '../lib/xml.ts'

/** What a server answers. */
export interface Answer {
  /** Of HTTP. Default: 200. */
  readonly status?: number | undefined
  /** By name; `content-length` is added. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Text (its UTF-8) or bytes. Default: an empty body. */
  readonly body?: string | Uint8Array | undefined
}

/** A verified request, in the form that a service reads. */
export interface ServiceRequest {
  readonly method: string
  /** The path as it was sent, not decoded. */
  readonly path: string
  readonly query: URLSearchParams
  /** Header fields by lower-case name. */
  readonly headers: ReadonlyMap<string, string>
  /** The body without its aws-chunked framing. */
  readonly body: Uint8Array
  readonly accessKeyId: string
  readonly region: string
}

/** A stand-in for an AWS service. */
export type Service = (request: ServiceRequest) => Answer

/** The texts of all elements of a name: enough for the requests that AWS clients send. */
export const textsOf = (xml: string, name: string): string[] =>
  xml
    .split(`<${name}>`)
    .slice(1)
    .map((rest) => unescapeXml(rest.split('<', 1)[0] as string))

/** An answer in XML. */
export const xmlAnswer = (
  name: string,
  content: string | readonly string[],
  status = 200,
): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, content)}`,
})

/** An error as S3 words it. */
export const s3Error = (status: number, code: string, message: string): Answer =>
  xmlAnswer('Error', [element('Code', code), element('Message', message)], status)

/** An answer in JSON. */
export const jsonAnswer = (value: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(value),
})
