import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { concat } from '../../lib/bytes.ts'
import type { BodyFault } from '../../model/body-fault.ts'
import { CountersignError } from '../../model/errors.ts'

/** A body as far as it came. */
export interface ArrivedBody {
  readonly bytes: Uint8Array
  /** False where its sender broke off. */
  readonly isWhole: boolean
}

/** Reads the bodies of a server, be they whole or not. */
export interface Bodies {
  read(message: IncomingMessage): Promise<ArrivedBody>
  /** For the server's `clientError`. */
  onClientError(error: NodeJS.ErrnoException, socket: Duplex): void
}

/** The fault of a body that ends too soon, in S3's words. */
export const cutShort = (): BodyFault =>
  new CountersignError(
    'length-mismatch',
    'you did not provide the number of bytes specified by the Content-Length HTTP header.',
  ) as BodyFault

/**
 * A sender that ends its half of the connection in the middle of a body is one that can still be
 * answered, as S3 does; node:http would answer a bare 400, and end neither the request nor its body.
 */
export function createBodies(now: () => Date): Bodies {
  const reading = new WeakMap<Duplex, () => void>()
  return {
    read: (message) =>
      new Promise((resolve) => {
        const { socket } = message
        const pieces: Uint8Array[] = []
        const end = (isWhole: boolean) => {
          reading.delete(socket)
          resolve({ bytes: concat(pieces), isWhole })
        }
        reading.set(socket, () => end(false))
        message
          .on('data', (piece: Uint8Array) => pieces.push(piece))
          .once('end', () => end(!message.aborted))
          .once('aborted', () => end(false))
          .once('error', () => end(false))
      }),
    onClientError(error, socket) {
      const cut = reading.get(socket)
      const head = `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nDate: ${now().toUTCString()}`
      if (cut && error.code === 'HPE_INVALID_EOF_STATE') cut()
      else if (socket.writable) socket.end(`${head}\r\n\r\n`)
      else socket.destroy()
    },
  }
}
