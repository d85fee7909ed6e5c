import { describe, expect, it } from 'vitest'
import { type Field, fieldOf, fieldsOf, formatField, parseField } from '../../src/lib/fields.ts'
import { fc } from '../support/properties.ts'

const name = fc.stringMatching(/^:?[\w!#$%&'*+.^`|~-]+$/)
const value = fc.stringMatching(/^([!-~]([ -~]*[!-~])?)?$/)
const fields: fc.Arbitrary<Field[]> = fc.array(fc.tuple(name, value), { maxLength: 5 })

describe('a line of a header field', () => {
  it('gives back the field', () => {
    fc.assert(
      fc.property(name, value, (name, value) => {
        expect(parseField(formatField([name, value]))).toEqual([name, value])
        expect(parseField(`${name}:\t${value} `)).toEqual([name, value])
      }),
    )
  })

  it.each(['', 'name', ':', ':authority'])('is not %j', (line) => {
    expect(parseField(line)).toBeUndefined()
  })
})

describe('header fields', () => {
  it('are the same as pairs, in turn, in a Map of lists and in a record of lists', () => {
    fc.assert(
      fc.property(fields, (fields) => {
        const lists = new Map<string, string[]>()
        for (const [name, value] of fields) lists.set(name, [...(lists.get(name) ?? []), value])
        const byName = [...lists].flatMap(([name, values]) => values.map((value) => [name, value]))
        expect([...fieldsOf(fields)]).toEqual(fields)
        expect([...fieldsOf(fields.flat())]).toEqual(fields)
        expect([...fieldsOf(lists)]).toEqual(byName)
        const sorted = (list: Iterable<unknown>) => [...list].map(String).sort()
        // A record has an order of its own for names that are numbers.
        expect(sorted(fieldsOf(Object.fromEntries(lists)))).toEqual(sorted(fields))
      }),
    )
  })

  it('are none where nothing is given, and texts where numbers are', () => {
    expect([...fieldsOf(undefined), ...fieldsOf(null), ...fieldsOf({ a: undefined })]).toEqual([])
    expect([...fieldsOf({ 'content-length': 5 })]).toEqual([['content-length', '5']])
  })

  it('have the first of a name, in whatever case it is written', () => {
    const fields: Field[] = [
      ['Host', 'a'],
      ['X-Amz-Date', '1'],
      ['x-amz-date', '2'],
    ]
    expect(fieldOf(fields, 'x-amz-date')).toBe('1')
    expect(fieldOf(fields, 'date')).toBeUndefined()
  })
})
