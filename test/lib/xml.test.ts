import { describe, expect, it } from 'vitest'
import { element, escapeXml, textOf, unescapeXml } from '../../src/lib/xml.ts'
import { fc } from '../support/properties.ts'

/** What no document may hold, as it is or by its number. */
const FORBIDDEN = /[\0-\x08\v\f\x0e-\x1f\ud800-\udfff\ufffe\uffff]/u

const any = fc.string({ unit: 'binary' })
const legal = any.map((text) => text.replace(new RegExp(FORBIDDEN, 'gu'), ''))
const hostile = fc.string({
  unit: fc.constantFrom(
    '&',
    '#',
    'x',
    ';',
    'lt',
    'amp',
    '38',
    'constructor',
    '__proto__',
    '<',
    'A',
  ),
})

describe('a text in XML', () => {
  it('gives back every text that a document may hold', () => {
    fc.assert(
      fc.property(fc.oneof(legal, hostile), (text) => {
        expect(unescapeXml(escapeXml(text))).toBe(text)
        expect(textOf(`<a><b/>${element('Text', text)}</a>`, 'Text')).toBe(text)
      }),
      { numRuns: 1000 },
    )
  })

  it('has no markup of its own, and nothing that a document may not hold', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }))
    fc.assert(
      fc.property(
        fc.oneof(
          any,
          units.map((codes) => String.fromCharCode(...codes)),
        ),
        (text) => {
          const escaped = escapeXml(text)
          expect(escaped).not.toMatch(FORBIDDEN)
          expect(escaped.replace(/&(#\d+|lt|gt|amp|quot);/g, '')).not.toMatch(/[<>&"'\r]/)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['&lt;&gt;&amp;&quot;&apos;', '<>&"\''],
    ['&#39;&#x27;&#x1F600;&#128512;', "''\u{1f600}\u{1f600}"],
    ['&amp;lt;&#38;lt;', '&lt;&lt;'],
    ['&nbsp;&LT;&;&#;&#x;&#xg;&#1a;&#x110000;&#99999999999999999999;&constructor;', undefined],
    ['&#0039;&lt', "'&lt"],
  ])('reads %s', (text, expected = text) => {
    expect(unescapeXml(text)).toBe(expected)
  })

  it('is read from a document that is cut off, and from CDATA', () => {
    expect(textOf('<Error><Code>A</Code><Message>a &lt; b', 'Message')).toBe('a < b')
    expect(textOf('<M> <![CDATA[a &lt; <b>]]> </M>', 'M')).toBe('a &lt; <b>')
    expect(textOf('<M></M>', 'M')).toBe('')
    expect(textOf('<M></M>', 'N')).toBeUndefined()
  })
})
