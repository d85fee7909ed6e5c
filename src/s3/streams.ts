import type { Awaitable } from '../lib/awaitable.ts'
import { bytesOfView, isAtHand, toBytes } from '../lib/bytes.ts'
import { fail } from '../model/errors.ts'
import type { BytesBody } from '../model/types.ts'

/** A web `ReadableStream`, by the members that are used of it. */
export interface ReadableStreamLike {
  /** Locks the stream to a reader. */
  getReader(): {
    /** Waits for the next piece. */
    read(): Promise<{
      /** Whether the stream has ended; then there is no piece. */
      readonly done: boolean
      /** The piece: bytes. */
      readonly value?: unknown
    }>
    /** Ends the stream, whose rest nobody wants. */
    cancel(reason?: unknown): Promise<void>
    /** Lets go of the stream, which others may then read. */
    releaseLock(): void
  }
}

/**
 * Where bytes come from: a web stream, a Node `Readable` or another async iterable of `Uint8Array`s,
 * or bytes at hand. A source must not write again to what it has handed out.
 */
export type ByteSource = ReadableStreamLike | AsyncIterable<unknown> | BytesBody | null

/**
 * The platform's `ReadableStream` of bytes, where it has one. Its pieces are cut from the source's own
 * where that saves a copy, and so may share memory: do not transfer them.
 */
export type ByteStream = typeof globalThis extends {
  ReadableStream: { prototype: infer Stream }
}
  ? Stream
  : ReadableStreamLike

/** A source of bytes that is opened. */
export interface Input {
  /** The next bytes, as the source hands them out. */
  next(): PromiseLike<{ readonly done?: boolean; readonly value?: unknown }>
  /** Ends the source, which will not be read to its end. */
  cancel(reason: unknown): Promise<void>
  /** Lets go of the source and leaves it as it is, so that its owner can still answer the sender. */
  release(): Promise<void>
}

function ofStream(stream: ReadableStreamLike): Input {
  const reader = stream.getReader()
  return {
    next: () => reader.read(),
    cancel: (reason) => reader.cancel(reason),
    release: async () => reader.releaseLock(),
  }
}

interface NodeReadable extends AsyncIterable<unknown> {
  iterator?(options: { destroyOnReturn: boolean }): AsyncIterator<unknown>
  destroy?(): unknown
}

function ofIterable(source: NodeReadable): Input {
  // A server's request must outlive a refusal, or there would be nobody to answer.
  const iterator = source.iterator?.({ destroyOnReturn: false }) ?? source[Symbol.asyncIterator]()
  let waiting = 0
  const answered = () => {
    waiting--
  }
  return {
    next() {
      const answer = Promise.resolve(iterator.next())
      waiting++
      answer.then(answered, answered)
      return answer
    },
    async cancel() {
      source.destroy?.()
      const ended = Promise.resolve(iterator.return?.()).then(undefined, () => {})
      // Behind a read that may never be answered, the iterator's own end would not come either.
      if (!waiting) await ended
    },
    async release() {
      await iterator.return?.()
    },
  }
}

function ofBytes(body: BytesBody): Input {
  const left = [toBytes(body)]
  const nothing = async () => {}
  return {
    next: async () => ({ done: left.length === 0, value: left.pop() }),
    cancel: nothing,
    release: nothing,
  }
}

/** Bytes that a source has handed out, as a `Uint8Array`. */
export const bytesOf = (value: unknown): Uint8Array =>
  ArrayBuffer.isView(value) ? bytesOfView(value) : fail('invalid-body', 'a source of bytes')

/** Opens a source of any kind. */
export function openInput(source: ByteSource): Input {
  if (source === null) return ofBytes('')
  if (isAtHand(source)) return ofBytes(source)
  // What is no object at all has no members to ask for.
  const given: Exclude<ByteSource, BytesBody | null> = Object(source)
  if ('getReader' in given) return ofStream(given)
  return Symbol.asyncIterator in given
    ? ofIterable(given)
    : fail('invalid-body', 'a stream, an async iterable or bytes')
}

/** What a stream's next pieces are given to. */
export interface Sink {
  enqueue(piece: Uint8Array): void
  /** Ends the stream, after a last word; or throws where what came must not be all. */
  close(last?: () => void): Awaitable<void>
}

/** Hands on the next pieces; one call at a time. */
export type Pull = (sink: Sink) => Promise<void>

/** A stream that asks `pull` for more only as far as its reader asks, and cancels the input with itself. */
export function streamOf(pull: Pull, input: Input): ByteStream {
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) =>
        pull({
          enqueue: (piece) => controller.enqueue(piece),
          close(last) {
            last?.()
            controller.close()
          },
        }),
      cancel: (reason) => input.cancel(reason),
    },
    { highWaterMark: 0 },
  )
  return stream as unknown as ByteStream
}

/** Fails with an error once an input has ended, however that went. */
export async function failAfter(ended: Promise<void>, error: unknown): Promise<never> {
  await ended.catch(() => {})
  throw error
}
