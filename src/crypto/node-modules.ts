import { once } from '../lib/remembered.ts'

/** `node:crypto`, which takes a process longer to read than all of this package: when it is needed. */
export const nodeCrypto: () => typeof import('node:crypto') = /* @__PURE__ */ once(() =>
  process.getBuiltinModule('node:crypto'),
)

/** The channels on which uses of keys are told. */
export const channels: () => Readonly<
  Record<'sign' | 'verify', import('node:diagnostics_channel').Channel>
> = /* @__PURE__ */ once(() => {
  const { channel } = process.getBuiltinModule('node:diagnostics_channel')
  return { sign: channel('countersign:sign'), verify: channel('countersign:verify') }
})
