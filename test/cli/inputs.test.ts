import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { readRequest } from '../../src/inputs/request.ts'
import { splitWords } from '../../src/inputs/shell-words.ts'
import { fc } from '../support/properties.ts'

const url = 'https://a.example/x?y=1'

describe('words of a command line', () => {
  const bash = (line: string) =>
    execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
      .split('\0')
      .slice(0, -1)

  it.each([
    `a 'b c' "d\\"e" f\\ g`,
    `$'\\xc3\\xa9' $'tab\\there' $'it\\'s' $'\\u00e9' $'\\U0001F600' $'\\101'`,
    `a'b'"c"d ''`,
    `one \\\n two`,
    `'a=1&b=$HOME' 'c;d|e'`,
  ])('are those of bash: %s', (line) => expect(splitWords(line)).toEqual(bash(line)))

  it('come back however they are quoted', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (words) => {
        const line = words.map((each) => `'${each.replaceAll("'", `'\\''`)}'`).join(' ')
        expect(splitWords(line)).toEqual(words)
      }),
    )
  })

  it('have a stand-in for a character that Unicode lacks', () =>
    expect(splitWords(`$'a\\U00110000\\U90067092\\U0010ffff'`)).toEqual([
      'a\ufffd\ufffd\u{10ffff}',
    ]))

  it('are none where a quotation is not closed', () => expect(splitWords(`a 'b`)).toBeUndefined())
})

describe('a curl line', () => {
  it.each([
    [`curl ${url}`, { method: 'GET', url }],
    [`curl -sSL --retry-delay 3 --max-redirs 2 -XPUT ${url}`, { method: 'PUT', url }],
    [`curl.exe -I "${url}"`, { method: 'HEAD', url }],
    [`curl -G ${url}#part -d q=1 --data-urlencode 'r=a b'`, { url: `${url}&q=1&r=a+b` }],
    [`curl --aws-sigv4 aws:amz -u AKID:secret ${url}`, { url, headers: [] }],
    [`curl ${url} -d a -d b`, { method: 'POST', body: 'a&b' }],
    [`curl ${url} --json '{}'`, { body: '{}', headers: [['Content-Type', 'application/json']] }],
    [
      `curl ${url} -H 'Accept:' -H 'X-Empty;' -H 'X-A: 1'`,
      {
        headers: [
          ['X-Empty', ''],
          ['X-A', '1'],
        ],
      },
    ],
    [`curl ${url} -d a -H 'Content-Type:'`, { body: 'a', headers: [] }],
    [`curl ${url} --data-urlencode "a=b c!'()*~\u00e9"`, { body: 'a=b+c%21%27%28%29%2A~%C3%A9' }],
    [`curl -t x -C 5 -Y 1 -y 2 -z now -Q cmd -U me -P - ${url}`, { method: 'GET', url }],
    [`curl -H 'X-A: 1' -- ${url}`, { url, headers: [['X-A', '1']] }],
    // Names of what every object has are no options of curl's.
    [`curl --constructor x --toString ${url}`, { headers: [] }],
    [`curl ${url} --data-urlencode $'\\ud800'`, { body: '%EF%BF%BD' }],
  ])('%s', (line, expected) => expect(readRequest(line)).toMatchObject(expected))

  it('has half of a surrogate pair encoded as what stands for it', () =>
    expect(readRequest(`curl ${url} --data-urlencode '\ud800'`).body).toBe('%EF%BF%BD'))

  it.each([
    ['curl', 'invalid-url'],
    [`curl 'x`, 'invalid-url'],
    [`curl ${url} -d @file`, 'invalid-body'],
    [`curl ${url} -F a=b`, 'invalid-body'],
    [`curl ${url} -T file`, 'invalid-body'],
    [`curl ${url} --data-urlencode name@file`, 'invalid-body'],
    [`curl ${url} -H @file`, 'invalid-header'],
    [`curl -u me:secret ${url}`, 'invalid-header'],
    [`curl ${url.replace('://', '://me:secret@')}`, 'invalid-header'],
    [`curl --url-query --constructor`, 'invalid-url'],
  ])('%s is refused', (line, code) =>
    expect(() => readRequest(`${line} `)).toThrow(expect.objectContaining({ code })),
  )
})

describe('a HAR entry', () => {
  const har = (request: object) => JSON.stringify({ log: { entries: [{ request }] } })

  it('gives its bytes, its form and its pseudo headers as they were sent', () => {
    const headers = [
      { name: ':authority', value: 'a.example' },
      { name: ':method', value: 'POST' },
    ]
    const base64 = { text: 'AAH/', encoding: 'base64' }
    const read = readRequest(har({ method: 'POST', url, headers, postData: base64 }))
    expect(read.headers).toEqual([['host', 'a.example']])
    expect(read.body).toEqual(Uint8Array.of(0, 1, 255))
    const params = [{ name: 'a', value: 'b c' }]
    expect(readRequest(har({ url, headers: [], postData: { params } })).body).toBe('a=b+c')
  })

  it.each([
    ['{', 'invalid-url'],
    ['{}', 'invalid-url'],
    ['{"log":{"entries":1},"request":null}', 'invalid-url'],
    ['{"log":{"entries":[null]}}', 'invalid-url'],
    [har({ url, headers: [{ value: 'x' }] }), 'invalid-header'],
    [har({ url, headers: [null] }), 'invalid-header'],
    [har({ url, headers: 'x' }), 'invalid-header'],
    [har({ url, postData: { params: 1 } }), 'invalid-body'],
    [har({ url, postData: { params: [null] } }), 'invalid-body'],
  ])('%s is refused', (text, code) =>
    expect(() => readRequest(text)).toThrow(expect.objectContaining({ code })),
  )
})

describe('an HTTP message', () => {
  it('is read with folded lines, and without the line end that an editor adds', () => {
    const text =
      'POST /a//b%2f HTTP/1.1\r\nHost: a.example\r\nX-A: 1\r\n  2\r\nContent-Length: 2\r\n\r\nhi\n'
    expect(readRequest(text)).toEqual({
      method: 'POST',
      url: 'https://a.example/a//b%2f',
      headers: [
        ['Host', 'a.example'],
        ['X-A', '1 2'],
        ['Content-Length', '2'],
      ],
      body: 'hi',
    })
  })

  it('goes to http on this machine alone', () => {
    const schemeOf = (host: string) => readRequest(`GET / HTTP/1.1\nHost: ${host}\n\n`).url
    expect(schemeOf('localhost:8080')).toBe('http://localhost:8080/')
    expect(schemeOf('localhost.evil.example')).toBe('https://localhost.evil.example/')
  })

  it.each(['GET / HTTP/1.1\n\n', 'no request', ''])('%j is refused', (text) =>
    expect(() => readRequest(text)).toThrow(expect.objectContaining({ code: 'invalid-url' })),
  )
})
