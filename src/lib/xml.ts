/** The characters that XML has names for. */
const NAMED: Readonly<Record<string, number>> = { lt: 60, gt: 62, amp: 38, quot: 34, apos: 39 }

/**
 * A text as the content of an element: what is markup, and a carriage return, which parsers read as
 * a newline, by its number; what no document may hold as U+FFFD.
 * @see https://www.w3.org/TR/xml/#charsets
 */
export const escapeXml = (text: string): string =>
  text.replace(/[<>&"'\r]|[^\t\n -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, (found) =>
    /[<>&"'\r]/.test(found) ? `&#${found.charCodeAt(0)};` : '\ufffd',
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

/** The text of the first element of a name, in a document that may be cut off; this is no parser. */
export function textOf(document: string, name: string): string | undefined {
  const content = document.split(`<${name}>`)[1]?.split(`</${name}>`)[0]
  const [, data] = content?.match(/^\s*<!\[CDATA\[(.*)]]>/s) ?? []
  return data ?? (content && unescapeXml(content))
}
