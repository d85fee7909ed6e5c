/** A change of the code that no test can tell, as it changes nothing that can be seen. */
export interface Equivalent {
  readonly file: string
  /** The code that is replaced. */
  readonly code: string
  readonly by: string
  readonly why: string
}

type Row = readonly [why: string, ...changes: readonly (readonly [code: string, by: string])[]]

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
  ...inFile('src/canonical/query.ts', [
    [
      'of two parts that are the same either may come first',
      ['nameOf(one) < nameOf(other)', 'nameOf(one) <= nameOf(other)'],
    ],
    [
      'a query that is canonical comes out of the long way as it went in',
      ['ODD.test(query)', 'true'],
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
  ...inFile('src/s3/byte-buffer.ts', [
    ['no bytes are no text', ['stop > at', 'true'], ['stop > at', 'stop >= at']],
  ]),
  ...inFile('src/s3/chain.ts', [
    [
      'a hash is the same, whether it is known, made at once or piece by piece',
      ['pieces.length === 0', 'false'],
      ['pieces.length > 1', 'true'],
      ['pieces.length > 1', 'false'],
      ['pieces.length > 1', 'pieces.length >= 1'],
      ['pieces.length > 1', 'pieces.length <= 1'],
      ['!hash', 'true'],
    ],
  ]),
  ...inFile('src/s3/check-policy.ts', [
    ['the least size is none that is refused', ['size < least', 'size <= least']],
  ]),
  ...inFile('src/s3/checksums.ts', [
    ['what is no word of AWS is none, whatever it is', ["''", '"Stryker was here!"']],
    [
      'a checksum is the same, whoever makes it',
      [
        "{ const sha256 = name === 'sha256' ? crypto.sha256Stream?.() : undefined return sha256 ? { update: (bytes) => sha256.update(bytes), digest: () => fromHex(sha256.digest()) } : crypto.checksumStream?.(name) }",
        '{}',
      ],
      ["name === 'sha256'", 'false'],
    ],
  ]),
  ...inFile('src/s3/frame.ts', [
    ['nothing, and a word, are both no size', ['at < 0', 'at <= 0'], ["''", '"Stryker was here!"']],
    [
      'a new buffer serves as the rest of one does',
      ['slab.byteLength < most', 'slab.byteLength <= most'],
    ],
    ['names come once each', ['a < b', 'a <= b']],
    [
      'a line that is none has neither name nor value',
      ['[]', '["Stryker was here"]'],
      ['name === undefined || value === undefined', 'name === undefined && value === undefined'],
      ['name === undefined', 'false'],
      ['value === undefined', 'false'],
    ],
    ['a signature is filled up to its width, whatever it is', ["''", '"Stryker was here!"']],
  ]),
  ...inFile('src/s3/modes.ts', [
    ['a word that is none has no parts', ['[]', '["Stryker was here"]']],
    ['a word is no number of bytes, as nothing is none', ["''", '"Stryker was here!"']],
  ]),
  ...inFile('src/s3/pieces.ts', [
    [
      'a new buffer serves as the rest of one does',
      ['end + piece.byteLength > SLAB', 'end + piece.byteLength >= SLAB'],
    ],
  ]),
  ...inFile('src/s3/policy-conditions.ts', [
    [
      'a number that is no text of digits is no whole number from 0, and a text that has others is no number',
      ["typeof value === 'number'", 'false'],
      ["'number'", '""'],
      ['/^\\d+$/', '/\\d+$/'],
      ['/^\\d+$/', '/^\\d+/'],
    ],
    ['no bytes are no JSON', ['!bytes', 'false'], ['{ return undefined }', '{}']],
    [
      'what stands behind a time makes it no time',
      [
        '/^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$/',
        '/^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z/',
      ],
    ],
    [
      'behind the end of a text there is nothing to cut',
      ['end < start.length', 'end <= start.length'],
    ],
  ]),
  ...inFile('src/s3/post-form.ts', [
    ['no name of a file has no bytes', ['chosen === undefined', 'false']],
    ['what is too much is still so when more is added', ['size > most', 'false']],
  ]),
  ...inFile('src/s3/prove-form.ts', [
    [
      'of a form whose time is right nothing but the scope can be wrong',
      ["fault.reason === 'scope-mismatch'", 'true'],
    ],
  ]),
  ...inFile('src/s3/read-body.ts', [['what cannot be opened has thrown', ['held', 'true']]]),
  ...inFile('src/s3/stated-form.ts', [
    [
      'of a form as a request nothing but its parameters is read',
      ["'POST'", '""'],
      ["'/'", '""'],
      ["''", '"Stryker was here!"'],
    ],
    ['a form that states all its fields is refused for a part', ['about?.part', 'about.part']],
  ]),
  ...inFile('src/s3/body-statements.ts', [
    ['SHA-256 is built in', ['hash?.update', 'hash.update'], ['hash?.value', 'hash.value']],
  ]),
  ...inFile('src/s3/trailer.ts', [
    [
      'a signature that nobody compares, or that is none, is any text',
      ["''", '"Stryker was here!"'],
    ],
    ['what lies between two blanks is empty and left out', ['/[ ,]+/', '/[ ,]/']],
  ]),
  ...inFile('src/s3/unframe.ts', [
    ['an input that has ended says so again', ['after === undefined', 'false']],
    [
      'chunks that nobody signs have a trailer',
      ['trailer?.update', 'trailer.update'],
      ["''", '"Stryker was here!"'],
    ],
    ['the CRLF is looked for where nothing of the chunk is missing', ['missing === 0', 'true']],
    ['no number is above or below none', ['length !== undefined', 'true']],
    [
      'what is at hand may be waited for',
      ["typeof holds === 'boolean'", 'false'],
      ["'boolean'", '""'],
    ],
  ]),
  ...inFile('src/verify/checks.ts', [
    [
      'names of which all have arrived are found one by one, too',
      ['arrived++', 'arrived--'],
      ['arrived < signed.size', 'true'],
      ['arrived < signed.size', 'arrived <= signed.size'],
    ],
  ]),
  ...inFile('src/verify/keys.ts', [['the key of nobody is known by no name', ["'-'", '""']]]),
  ...inFile('src/verify/authority.ts', [
    [
      'in whatever case both are, they are in the same',
      ['host.toLowerCase()', 'host.toUpperCase()'],
    ],
  ]),
  ...inFile('src/verify/authorization.ts', [
    ['no value of a header begins with a blank', ['space > 0', 'space >= 0']],
    ['nothing, and a word, are both no date', ["''", '"Stryker was here!"']],
  ]),
  ...inFile('src/verify/canonicalize.ts', [
    ['a path that has nothing encoded comes out of the long way as it went in', ["'%'", '""']],
  ]),
  ...inFile('src/verify/payload.ts', [
    ['what is not to be refused is accepted', ["'accept'", '""']],
    ['what is not deferred is hashed', ["'hash'", '""']],
  ]),
  ...inFile('src/verify/replay-guard.ts', [
    ['a count of none is as good as no count', ['left > 0', 'true'], ['left > 0', 'left >= 0']],
    ['what is no id is in nobody’s way', ['[]', '["Stryker was here"]']],
  ]),
]
