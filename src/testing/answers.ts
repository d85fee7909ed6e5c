import type { HeaderFields } from '../canonical/headers.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import { elements, unescapeXml, type Xml } from '../lib/xml.ts'
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

/** How a client and a service speak with each other. */
export type Protocol = 's3' | 'query' | 'ec2' | 'json' | 'rest-json' | 'rest-xml' | 'cbor'

/** What a request asks for, as far as it tells. */
export interface Asked {
  /** As in the scope that it is signed for, else as its call is known to be of. */
  readonly service: string
  /** By AWS's name; empty where that cannot be told. */
  readonly operation: string
  readonly protocol: Protocol
}

/** A request that holds, in the form that a service reads. */
export interface Call extends Asked {
  readonly method: string
  /** The path as it was signed, not decoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: HeaderFields
  /** The body without its aws-chunked framing; of a form, its file. */
  readonly body: Uint8Array
  /** The fields of a form. */
  readonly form: HeaderFields | undefined
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
export type Service = (call: Call) => Awaitable<Answer | undefined>

/** The parameters of a call, by AWS's names. */
export type Given = Readonly<Record<string, unknown>>

/** What a call results in, to be written in its protocol; undefined where it is not known. */
export type Operation = (given: Given, call: Call) => object | undefined

/** What a service knows, by AWS's names. */
export type Operations = Readonly<Record<string, Operation>>

/** The number of AWS's example account. */
export const ACCOUNT = '123456789012'

/** An answer in XML. */
export const xmlAnswer = (name: string, content: Xml, more: Answer = {}): Answer => ({
  status: more.status,
  headers: { 'content-type': 'application/xml', ...more.headers },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${elements({ [name]: content })}`,
})

/** What stands in all elements of a name that end: enough of XML for the requests that AWS clients send. */
export const contentsOf = (xml: string, name: string): string[] =>
  xml
    .replace(/<(\w+) [^<>]*>/g, '<$1>')
    .split(`<${name}>`)
    .slice(1)
    .map((rest) => rest.split(`</${name}>`))
    .flatMap(([content = '', ...others]) => (others.length > 0 ? [content] : []))

/** The texts of all elements of a name. */
export const textsOf = (xml: string, name: string): string[] =>
  contentsOf(xml, name).map(unescapeXml)

/** A body as text. */
export const textOf = (body: Uint8Array | string = ''): string =>
  typeof body === 'string' ? body : new TextDecoder().decode(body)
