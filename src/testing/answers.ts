import type { Awaitable } from '../lib/awaitable.ts'
import { element, escapeXml, unescapeXml } from '../lib/xml.ts'
import type { Keys } from './services/keys.ts'

/** What a server answers. */
export interface Answer {
  /** Of HTTP. Default: 200. */
  readonly status?: number | undefined
  /** By name; `content-length` and `date` are added. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Text (its UTF-8) or bytes. Default: an empty body. */
  readonly body?: string | Uint8Array | undefined
}

/** A verified request, in the form that a service reads. */
export interface ServiceRequest {
  readonly method: string
  /** The path as it was signed, not decoded. */
  readonly path: string
  readonly query: URLSearchParams
  /** Header fields by lower-case name. */
  readonly headers: ReadonlyMap<string, string>
  /** The body without its aws-chunked framing. */
  readonly body: Uint8Array
  /** What is asked for, by AWS's name; empty where that cannot be told. */
  readonly operation: string
  /** Undefined where the call needs no key, and came without. */
  readonly accessKeyId: string | undefined
  readonly region: string
  /** By the server's clock. */
  readonly time: Date
  /** Where the server is: `http://127.0.0.1:PORT`. */
  readonly url: string
  /** The keys that the server knows. */
  readonly keys: Keys
}

/** A stand-in for an AWS service; undefined where it knows nothing of the call. */
export type Service = (request: ServiceRequest) => Awaitable<Answer | undefined>

/** The number of AWS's example account. */
export const ACCOUNT = '123456789012'

/** What stands in a document: a text, elements by their names, the same element several times. */
export type Xml = string | number | undefined | readonly Xml[] | { readonly [name: string]: Xml }

const ENTITIES: Readonly<Record<string, string>> = { 34: 'quot', 38: 'amp', 60: 'lt', 62: 'gt' }

// Some clients know the entities that AWS writes, and not the numbers.
const escaped = (text: string): string =>
  escapeXml(text).replace(/#(34|38|60|62);/g, (_, code) => `${ENTITIES[code]};`)

/** Content as XML; what is undefined is left out. */
const xmlOf = (content: Xml): string =>
  typeof content !== 'object'
    ? escaped(`${content}`)
    : Object.entries(content)
        .flatMap(([name, inside]) => [inside].flat().map((one) => [name, one] as const))
        .map(([name, one]) => (one === undefined ? '' : element(name, [xmlOf(one)])))
        .join('')

/** What stands in all elements of a name: enough of XML for the requests that AWS clients send. */
export const contentsOf = (xml: string, name: string): string[] =>
  xml
    .split(new RegExp(`<${name}(?: [^<>]*)?>`))
    .slice(1)
    .map((rest) => rest.split(`</${name}>`, 1)[0] as string)

/** The texts of all elements of a name. */
export const textsOf = (xml: string, name: string): string[] =>
  contentsOf(xml, name).map(unescapeXml)

/** A body as text. */
export const textOf = (body: Uint8Array): string => new TextDecoder().decode(body)

/** The object that a body in JSON is; an empty one where it is none. */
export function jsonOf(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(textOf(body)))
  } catch {
    return {}
  }
}

/** An answer in XML. */
export const xmlAnswer = (name: string, content: Xml, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, [xmlOf(content)])}`,
})

/** An answer in JSON. */
export const jsonAnswer = (value: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(value),
})
