/** A change of the code that no test can tell, as it changes nothing that can be seen. */
export interface Equivalent {
  readonly file: string
  /** The code that is replaced. */
  readonly code: string
  readonly by: string
  readonly why: string
}

type Row = readonly [why: string, ...changes: readonly (readonly [code: string, by: string])[]]

const QUERY =
  '/^(?:(?:[\\w.~-]|%(?:2[\\dABCF]|3[A-F]))+=(?:[\\w.~-]|%(?:2[\\dABCF]|3[A-F]))*(?:&(?!$)|$))+$/'

const inFile = (file: string, rows: readonly Row[]): readonly Equivalent[] =>
  rows.flatMap(([why, ...changes]) => changes.map(([code, by]) => ({ file, code, by, why })))

/** Survivors that were read and found to be no faults; each is told where it no longer fits. */
export const EQUIVALENTS: readonly Equivalent[] = [
  ...inFile('src/canonical/headers.ts', [
    [
      'a value without blanks comes out of the long way as it went in',
      ["value.includes(' ') || value.includes('\\t')", 'true'],
      ["' '", '""'],
      ["'\\t'", '""'],
    ],
    ['what lies between two blanks of a run is empty and left out', ['/[ \\t]+/', '/[ \\t]/']],
    ['a set of no names leaves out no header', ['unsignableHeaders || connection', 'true']],
    ['names come once each', ['a < b', 'a <= b']],
  ]),
  ...inFile('src/canonical/path.ts', [
    [
      'a path without such a segment is its own normal form',
      ['/\\/(\\/|\\.|%2e)/i.test(path)', 'true'],
    ],
    [
      'a path that has nothing to encode comes out of the long way as it went in',
      ['!/[^\\w./~-]/.test(path)', 'false'],
      ['/[^\\w./~-]/', '/[\\w./~-]/'],
    ],
  ]),
  ...inFile('src/canonical/payload.ts', [
    ['a hash has no upper-case letter, and a word begins with one', ['/^[SU]/', '/[SU]/']],
  ]),
  ...inFile('src/canonical/placement.ts', [
    ['a token that is there already is written over itself', ['late', 'true']],
  ]),
  ...inFile('src/canonical/query.ts', [
    ['of two parts that are the same either may come first', ['a < b', 'a <= b']],
    [
      'a query that is not told to be canonical is spelled anew, and comes out the same',
      [
        QUERY,
        '/^(?:(?:[\\w.~-]|%(?:2[\\dABCF]|3[A-F]))+=(?:[\\w.~-]|%(?:2[\\dABCF]|3[A-F]))*(?:&(?!$)|$))$/',
      ],
      [
        QUERY,
        '/^(?:(?:[\\w.~-]|%(?:2[\\dABCF]|3[A-F]))=(?:[\\w.~-]|%(?:2[\\dABCF]|3[A-F]))*(?:&(?!$)|$))+$/',
      ],
      [
        QUERY,
        '/^(?:(?:[\\w.~-]|%(?:2[\\dABCF]|3[A-F]))+=(?:[\\w.~-]|%(?:2[\\dABCF]|3[A-F]))(?:&(?!$)|$))+$/',
      ],
      [
        QUERY,
        '/^(?:(?:[\\w.~-]|%(?:2[\\dABCF]|3[A-F]))+=(?:[\\w.~-]|%(?:2[\\dABCF]|3[A-F]))*(?:&(?!$)))+$/',
      ],
      [
        QUERY,
        '/^(?:(?:[\\w.~-]|%(?:2[\\dABCF]|3[A-F]))+=(?:[\\w.~-]|%(?:2[\\dABCF]|3[A-F]))*(?:&(?!)|$))+$/',
      ],
    ],
  ]),
  ...inFile('src/canonical/scope.ts', [['no date is a text', ['[]', '["Stryker was here"]']]]),
  ...inFile('src/canonical/url.ts', [
    [
      'an absolute URL begins with what is looked for',
      ['/^\\w+:\\/\\/[^/?]*\\/?/', '/\\w+:\\/\\/[^/?]*\\/?/'],
    ],
  ]),
  ...inFile('src/algorithms/sigv4a/region-set.ts', [
    ['a text with a blank is refused as an empty one is', ['[]', '["Stryker was here"]']],
  ]),
]
