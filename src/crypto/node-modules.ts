import { once } from '../lib/remembered.ts'

// Taken at once, as a test may put another process in its place.
const builtIn = /* @__PURE__ */ (() => process.getBuiltinModule.bind(process))()

/** `node:crypto`, which takes a process longer to read than all of this package: when it is needed. */
export const nodeCrypto: () => typeof import('node:crypto') = /* @__PURE__ */ once(() =>
  builtIn('node:crypto'),
)

/** The CRC-32 of `node:zlib`; undefined in a Node, or what stands for one, that has none. */
export const nodeCrc32 = (): typeof import('node:zlib').crc32 | undefined =>
  builtIn('node:zlib').crc32

/** The `file:` URL of a path. */
export const urlOfFile = (path: string): string => builtIn('node:url').pathToFileURL(path).href

/** The channels on which uses of keys are told. */
export const channels: () => Readonly<
  Record<'sign' | 'verify', import('node:diagnostics_channel').Channel>
> = /* @__PURE__ */ once(() => {
  const { channel } = builtIn('node:diagnostics_channel')
  return { sign: channel('countersign:sign'), verify: channel('countersign:verify') }
})
