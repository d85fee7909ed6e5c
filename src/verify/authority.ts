import { type FieldsLike, fieldOf, fieldsOf } from '../lib/fields.ts'

/** A host as it is compared: in lower case, and without the port that its scheme has anyway. */
const plain = (host: string): string => host.toLowerCase().replace(/:(80|443)?$/, '')

/** Whether two hosts are the same; the ports of http and https are both no port. */
export const isSameHost = (one: string, other: string): boolean => plain(one) === plain(other)

// Nothing that a URL or a folder would be led elsewhere by, and no two hosts.
const HOST_FORM = /^[\w-]+(\.[\w-]+){0,64}(:\d+)?$/

/** Whether a name stands for all that end so. */
export const isPattern = (name: string): boolean => name.startsWith('*.')

/**
 * The hosts that a request may have been signed for: the received one where it is ours, else those
 * that a proxy may have replaced by it.
 */
export const hostsToTry = (own: string, hosts: readonly string[] | undefined): readonly string[] =>
  !hosts ||
  hosts.some((name) =>
    isPattern(name)
      ? HOST_FORM.test(own) && plain(own).endsWith(plain(name.slice(1)))
      : isSameHost(name, own),
  )
    ? [own]
    : hosts.filter((name) => !isPattern(name))

/**
 * The URL of a request that is not off the wire, where a `host` stands among its headers: without the
 * place that a client connects to, or that a framework has made up, as it is not the one that is asked.
 */
export const urlOnWire = (url: string, headers: FieldsLike | undefined): string =>
  fieldOf(fieldsOf(headers), 'host') === undefined ? url : url.replace(/^\w+:\/\/[^/?#\\]*/, '')
