import { Readable } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import {
  type ByteSource,
  bytesOf,
  failAfter,
  openInput,
  type ReadableStreamLike,
  streamOf,
} from '../../src/s3/streams.ts'

const HELLO = Buffer.from('hello')
const stream = (...pieces: unknown[]) =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  }) as unknown as ReadableStreamLike

async function* generate(...pieces: unknown[]) {
  yield* pieces
}

/** All that an input answers until it ends. */
async function drained(source: ByteSource): Promise<string> {
  const input = openInput(source)
  let text = ''
  for (;;) {
    const { done, value } = await input.next()
    if (done) return text
    text += Buffer.from(bytesOf(value)).toString()
  }
}

describe('bytes come from', () => {
  it.each<[string, () => ByteSource, string]>([
    ['nowhere', () => null, ''],
    ['a text', () => 'é', 'é'],
    ['an empty text', () => '', ''],
    ['bytes', () => HELLO, 'hello'],
    ['no bytes', () => new Uint8Array(), ''],
    ['a buffer', () => Uint8Array.from(HELLO).buffer, 'hello'],
    ['a web stream', () => stream(HELLO, HELLO), 'hellohello'],
    ['a Node stream', () => Readable.from([HELLO, HELLO]), 'hellohello'],
    [
      'a generator',
      () => generate(HELLO, new DataView(HELLO.buffer, HELLO.byteOffset, 2)),
      'hellohe',
    ],
  ])('%s', async (_, source, text) => expect(await drained(source())).toBe(text))

  it.each([{}, { length: 1 }, [[1]], 7, true, undefined, Symbol.iterator])(
    '%o in no way',
    (source) =>
      expect(() => openInput(source as never)).toThrow(
        expect.objectContaining({ code: 'invalid-body' }),
      ),
  )

  it.each([[undefined], ['text'], [[1, 2]], [null]])('no piece that is %j', (value) =>
    expect(() => bytesOf(value)).toThrow(expect.objectContaining({ code: 'invalid-body' })),
  )
})

describe('a source that is no longer wanted', () => {
  it('is cancelled with the reason where it is a web stream, and let go of where it is kept', async () => {
    const cancel = vi.fn()
    const source = new ReadableStream({ cancel })
    const input = openInput(source as never)
    expect(source.locked).toBe(true)
    await input.release()
    expect([source.locked, cancel.mock.calls]).toEqual([false, []])
    await openInput(source as never).cancel('enough')
    expect(cancel).toHaveBeenCalledWith('enough')
  })

  it('is destroyed where it is a Node stream, and left whole where it is kept', async () => {
    const source = new Readable({ read() {} })
    source.push('a')
    const input = openInput(source)
    await input.next()
    await input.release()
    expect(source.destroyed).toBe(false)
    await openInput(source).cancel('enough')
    expect(source.destroyed).toBe(true)
  })

  it('is ended where it is a generator, either way', async () => {
    for (const way of ['cancel', 'release'] as const) {
      let ended = false
      const input = openInput(
        (async function* () {
          try {
            yield HELLO
          } finally {
            ended = true
          }
        })(),
      )
      await input.next()
      await input[way]('enough')
      expect(ended).toBe(true)
    }
  })

  it('is waited for, unless it has not answered yet', async () => {
    const order: string[] = []
    let answer = (_: IteratorResult<unknown>) => {}
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise<IteratorResult<unknown>>((resolve) => {
            answer = resolve
          }),
        return: async () => {
          await new Promise((resolve) => setTimeout(resolve, 5))
          order.push('ended')
          return { done: true as const, value: undefined }
        },
      }),
    }
    const input = openInput(source)
    const read = input.next()
    await input.cancel('enough')
    order.push('not waited for')
    answer({ done: false, value: HELLO })
    await read
    await input.cancel('enough')
    order.push('waited for')
    expect(order).toEqual(['not waited for', 'ended', 'ended', 'waited for'])
  })

  it('may fail to end, and a source without an end has none', async () => {
    const failing = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new Error('gone')),
        return: () => Promise.reject(new Error('not ended')),
      }),
    }
    const input = openInput(failing)
    await expect(input.next()).rejects.toThrow('gone')
    await expect(input.cancel('enough')).resolves.toBeUndefined()
    const endless = { [Symbol.asyncIterator]: () => ({ next: async () => ({ value: HELLO }) }) }
    await expect(openInput(endless as never).cancel('')).resolves.toBeUndefined()
    await expect(openInput(endless as never).release()).resolves.toBeUndefined()
    for (const way of ['cancel', 'release'] as const)
      await expect(openInput('at hand')[way]('enough')).resolves.toBeUndefined()
  })

  it('is not asked for more than its reader asks, and cancelled with it', async () => {
    const asked = vi.fn(async (sink: { enqueue(piece: Uint8Array): void }) => sink.enqueue(HELLO))
    const cancel = vi.fn(async () => {})
    const input = { next: async () => ({}), cancel, release: async () => {} }
    const made = streamOf(asked, input) as unknown as ReadableStream
    await Promise.resolve()
    expect(asked).not.toHaveBeenCalled()
    const reader = made.getReader()
    await reader.read()
    expect(asked).toHaveBeenCalledTimes(1)
    await reader.cancel('enough')
    expect(cancel).toHaveBeenCalledWith('enough')
  })
})

it.each([
  async () => {},
  async () => {
    throw new Error('not released')
  },
])('a fault is told once its source has ended, however that went', (end) =>
  expect(failAfter(end(), new Error('the fault'))).rejects.toThrow('the fault'),
)
