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
  /** Not decoded. */
  readonly path: string
  readonly query: URLSearchParams
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>
  /** Without aws-chunked framing. */
  readonly body: Uint8Array
  readonly accessKeyId: string
  readonly region: string
}

/** A stand-in for an AWS service. */
export type Service = (request: ServiceRequest) => Answer

const escapeXml = (text: string): string =>
  text.replace(/[<>&"'\t\r\n]/g, (character) => `&#${character.charCodeAt(0)};`)

/** An XML element: of a text, or of elements that are XML already. */
export const element = (name: string, content: string | readonly string[] = ''): string => {
  const inside = typeof content === 'string' ? escapeXml(content) : content.join('')
  return `<${name}>${inside}</${name.split(' ', 1)[0]}>`
}

/** The texts of all elements of a name: enough for the requests that AWS clients send. */
export const textsOf = (xml: string, name: string): string[] =>
  Array.from(xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g')), ([, text = '']) =>
    text
      .replace(/&#(x?)([\da-f]+);/gi, (_, hex: string, digits: string) =>
        String.fromCodePoint(Number.parseInt(digits, hex ? 16 : 10)),
      )
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&apos;/g, "'")
      .replace(/&amp;/g, '&'),
  )

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
