import { createHash } from 'node:crypto'
import { referenceSignature, type WireRequest } from '../reference.ts'

/** What a server would have signed. */
export interface Texts {
  readonly canonicalRequest: string
  readonly stringToSign: string
}

/** How a server may differ from the one that the request was meant for. */
export interface Reading {
  /** Its own secret. */
  readonly secret?: string
  /** The scope that it has in mind. */
  readonly scope?: readonly [day: string, region: string, service: string]
  /** Changes a line of its canonical request. */
  readonly change?: (canonicalRequest: string) => string
}

/** A server that is written apart from src: what it reads in a request, and whether it accepts it. */
export function server(wire: WireRequest, reading: Reading = {}): Texts & { accepts: boolean } {
  const { secret = '', scope, change = (text) => text } = reading
  const read = referenceSignature(wire, secret)
  const canonicalRequest = change(read.canonicalRequest)
  const credential =
    /Credential=([^, ]+)/.exec(new Map(wire.headers).get('authorization') ?? '')?.[1] ??
    decodeURIComponent(/X-Amz-Credential=([^&]+)/.exec(wire.target)?.[1] ?? '')
  const stated = credential.split('/').slice(1)
  const hash = createHash('sha256').update(canonicalRequest).digest('hex')
  const own = scope ? [...scope, 'aws4_request'] : stated
  return {
    canonicalRequest,
    stringToSign: ['AWS4-HMAC-SHA256', read.amzDate, own.join('/'), hash].join('\n'),
    accepts: read.expected === read.received && !reading.change && !scope,
  }
}

const SAID =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

const xml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&#39;')
    .replaceAll('"', '&quot;')

const element = (name: string, text: string): string => `<${name}>${text}</${name}>`

const bytes = (text: string): string =>
  Buffer.from(text)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ')

const document = (...elements: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>${SAID}</Message><AWSAccessKeyId>AKIDEXAMPLE</AWSAccessKeyId>${elements.join('')}<RequestId>4442587FB7D0A2F9</RequestId></Error>`

const message = ({ canonicalRequest, stringToSign }: Texts): string =>
  `${SAID}\n\nThe Canonical String for this request should have been\n'${canonicalRequest}'\n\nThe String-to-Sign should have been\n'${stringToSign}'\n`

/** The shapes in which a server shows what it read. */
export const SHAPES: Readonly<Record<string, (texts: Texts) => string>> = {
  "S3's XML": (it) =>
    document(
      element('StringToSign', xml(it.stringToSign)),
      element('StringToSignBytes', bytes(it.stringToSign)),
      element('CanonicalRequest', xml(it.canonicalRequest)),
      element('CanonicalRequestBytes', bytes(it.canonicalRequest)),
    ),
  "S3's XML without the bytes": (it) =>
    document(
      element('StringToSign', xml(it.stringToSign)),
      element('CanonicalRequest', xml(it.canonicalRequest)),
    ),
  "S3's XML with the bytes alone": (it) =>
    document(
      element('StringToSignBytes', bytes(it.stringToSign)),
      element('CanonicalRequestBytes', bytes(it.canonicalRequest)),
    ),
  "API Gateway's JSON": (it) => JSON.stringify({ message: message(it) }),
  'JSON with a type, all but ASCII escaped': (it) =>
    JSON.stringify({ __type: 'InvalidSignatureException', message: message(it) }).replace(
      /[&'<>=\x7f-\uffff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  'JSON with a list of errors': (it) =>
    JSON.stringify({ errors: [{ code: 'Unauthorized', message: message(it), details: '' }] }),
  'JSON that was cut off': (it) => JSON.stringify({ message: message(it) }).slice(0, -1),
  'XML with CRLF': (it) =>
    `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">\r\n  <Error>\r\n    <Type>Sender</Type>\r\n    <Code>SignatureDoesNotMatch</Code>\r\n    <Message>${xml(message(it)).replaceAll('\n', '\r\n')}</Message>\r\n  </Error>\r\n</ErrorResponse>`,
  'plain text': (it) => message(it),
}

/** S3's XML with a string to sign alone: the canonical request is there by its hash. */
export const hashAlone = ({ stringToSign }: Texts): string =>
  document(element('StringToSign', xml(stringToSign)))
