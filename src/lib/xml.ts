/** The characters that XML has names for. */
const NAMED: Readonly<Record<string, number>> = { lt: 60, gt: 62, amp: 38, quot: 34, apos: 39 }

/** How markup is written, as AWS does, and a carriage return, which parsers read as a newline. */
const WRITTEN: Readonly<Record<string, string>> = {
  ...{ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&#39;', '\r': '&#13;' },
}

/**
 * A text as the content of an element; what no document may hold as U+FFFD.
 * @see https://www.w3.org/TR/xml/#charsets
 */
export const escapeXml = (text: string): string =>
  text.replace(
    /[<>&"'\r]|[^\t\n -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu,
    (found) => WRITTEN[found] ?? '\ufffd',
  )

/** The text that an element's content stands for; what is no reference of XML's own stays as it is. */
export const unescapeXml = (text: string): string =>
  text.replace(/&(#?)(\w+);/g, (found, isNumber, name) => {
    // `#x27` reads as 0x27, and `#39` as 039, which is decimal too.
    const code = isNumber ? Number(`0${name}`) : NAMED[name]
    // Whatever else an object has a name for is no number.
    return (code as number) <= 0x10ffff ? String.fromCodePoint(code as number) : found
  })

/** An element, of a text or of elements that are written already; attributes may stand behind its name. */
export const element = (name: string, content: string | readonly string[]): string => {
  const inside = typeof content === 'string' ? escapeXml(content) : content.join('')
  return `<${name}>${inside}</${name.split(' ', 1)[0]}>`
}

/** What stands in an element: a text, other elements, or what the same element has several times. */
export type Xml = string | number | boolean | undefined | readonly Xml[] | Elements

/** Elements by their names, with attributes behind them where they have some. */
export interface Elements {
  readonly [name: string]: Xml
}

/** Elements as a text; one of which nothing is said is left out. */
export const elements = (content: Elements): string =>
  Object.entries(content)
    .flatMap(([name, inside]) => [inside].flat().map((one) => [name, one as Xml] as const))
    .map(([name, one]) =>
      one === undefined
        ? ''
        : element(name, typeof one === 'object' ? [elements(one as Elements)] : `${one}`),
    )
    .join('')

/** The text of the first element of a name, in a document that may be cut off; this is no parser. */
export function textOf(document: string, name: string): string | undefined {
  const content = document.split(`<${name}>`)[1]?.split(`</${name}>`)[0]
  const [, data] = content?.match(/^\s*<!\[CDATA\[(.*)]]>/s) ?? []
  return data ?? (content && unescapeXml(content))
}
