/** The options of curl that stand before a value, by their short names. */
const SHORT: Readonly<Record<string, string>> = {
  ...{ X: 'request', H: 'header', d: 'data', A: 'user-agent', e: 'referer', b: 'cookie' },
  ...{ u: 'user', o: 'output', T: 'upload-file', F: 'form', m: 'max-time', x: 'proxy' },
  ...{ w: 'write-out', c: 'cookie-jar', E: 'cert', D: 'dump-header', K: 'config', r: 'range' },
  ...{ C: 'continue-at', P: 'ftp-port', Q: 'quote', U: 'proxy-user', Y: 'speed-limit' },
  ...{ y: 'speed-time', z: 'time-cond', t: 'telnet-option' },
}

/** Those that stand before a value and have no short name. */
const LONG: ReadonlySet<string> = new Set([
  ...Object.values(SHORT),
  ...['url', 'url-query', 'json', 'data-raw', 'data-binary', 'data-ascii', 'data-urlencode'],
  ...['abstract-unix-socket', 'alt-svc', 'aws-sigv4', 'cacert', 'capath', 'cert-type', 'ciphers'],
  ...['connect-timeout', 'connect-to', 'create-file-mode', 'crlfile', 'curves', 'delegation'],
  ...[
    'dns-interface',
    'dns-ipv4-addr',
    'dns-ipv6-addr',
    'dns-servers',
    'doh-url',
    'ech',
    'egd-file',
  ],
  ...['engine', 'etag-compare', 'etag-save', 'expect100-timeout', 'form-string', 'ftp-account'],
  ...['ftp-alternative-to-user', 'ftp-method', 'ftp-ssl-ccc-mode', 'happy-eyeballs-timeout-ms'],
  ...['haproxy-clientip', 'hostpubmd5', 'hostpubsha256', 'hsts', 'interface', 'ip-tos'],
  ...['ipfs-gateway', 'keepalive-cnt', 'keepalive-time', 'key', 'key-type', 'krb', 'libcurl'],
  ...['limit-rate', 'local-port', 'login-options', 'mail-auth', 'mail-from', 'mail-rcpt'],
  ...['max-filesize', 'max-redirs', 'netrc-file', 'noproxy', 'oauth2-bearer', 'output-dir'],
  ...['parallel-max', 'pass', 'pinnedpubkey', 'preproxy', 'proto', 'proto-default', 'proto-redir'],
  ...['proxy-cacert', 'proxy-capath', 'proxy-cert', 'proxy-cert-type', 'proxy-ciphers'],
  ...['proxy-crlfile', 'proxy-header', 'proxy-key', 'proxy-key-type', 'proxy-pass'],
  ...['proxy-pinnedpubkey', 'proxy-service-name', 'proxy-tls13-ciphers', 'proxy-tlsauthtype'],
  ...['proxy-tlspassword', 'proxy-tlsuser', 'proxy1.0', 'pubkey', 'random-file', 'rate'],
  ...['request-target', 'resolve', 'retry', 'retry-delay', 'retry-max-time', 'sasl-authzid'],
  ...['service-name', 'socks4', 'socks4a', 'socks5', 'socks5-gssapi-service', 'socks5-hostname'],
  ...[
    'stderr',
    'tftp-blksize',
    'tls-max',
    'tls13-ciphers',
    'tlsauthtype',
    'tlspassword',
    'tlsuser',
  ],
  ...['trace', 'trace-ascii', 'trace-config', 'unix-socket', 'variable', 'vlan-priority'],
])

/** The long names of flags that decide something here. */
const FLAGS: Readonly<Record<string, string>> = {
  ...{ G: 'get', I: 'head', L: 'location', f: 'fail', i: 'include', s: 'silent', g: 'globoff' },
  ...{ '#': 'progress-bar', ':': 'next' },
}

/** An option of a curl line; an argument is a `url`. */
export interface CurlOption {
  /** Its long name; of a flag that decides nothing here, its letter. */
  readonly name: string
  /** Empty for a flag. */
  readonly value: string
  /** The words that say it, and nothing else. */
  readonly words: readonly string[]
}

/** The value of the last option of a name, which is the one that counts; undefined where there is none. */
export const lastOf = (options: readonly CurlOption[], wanted: string): string | undefined =>
  options.findLast(({ name }) => name === wanted)?.value

/** Those letters of a word that are flags, up to the one that has the rest of it, or what follows, as its value. */
function* shortOptions(word: string, next: () => string): Iterable<CurlOption> {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] as string
    const name = Object.hasOwn(SHORT, letter) ? SHORT[letter] : undefined
    if (name !== undefined) {
      const value = word.slice(at + 1) || next()
      yield { name, value, words: [`-${letter}`, value] }
      return
    }
    const flag = Object.hasOwn(FLAGS, letter) ? (FLAGS[letter] as string) : letter
    yield { name: flag, value: '', words: [`-${letter}`] }
  }
}

/**
 * The options and arguments of a curl line, short ones spelled out.
 *
 * `more` are further options that stand before a value, and none of curl's.
 */
export function* curlOptionsOf(
  words: readonly string[],
  more: ReadonlySet<string> = new Set(),
): Iterable<CurlOption> {
  let at = 0
  let flagged = true
  const next = () => words[++at] ?? ''
  for (; at < words.length; at++) {
    const word = words[at] as string
    const [, long, own] = (flagged && /^--([\w.-]+)(?:=(.*))?$/s.exec(word)) || []
    if (flagged && word === '--') flagged = false
    else if (long && (LONG.has(long) || more.has(long))) {
      const value = own ?? next()
      yield { name: long, value, words: [`--${long}`, value] }
    } else if (long) yield { name: long, value: '', words: [word] }
    else if (flagged && /^-./.test(word)) yield* shortOptions(word, next)
    else yield { name: 'url', value: word, words: [word] }
  }
}
