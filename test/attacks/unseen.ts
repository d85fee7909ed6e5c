const range = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at)).join('')

/** The controls of ISO 8859-1, what turns the direction of a text around, what ends a line, what shows nothing. */
export const UNSEEN_CHARACTERS: string = [
  ...[range(0, 0x1f), range(0x7f, 0x9f), range(0x202a, 0x202e), range(0x2066, 0x2069)],
  ...[range(0x200b, 0x200f), range(0x2028, 0x2029), range(0x2060, 0x2064), range(0xe0061, 0xe0064)],
  '\u061c\u180e\ufeff',
].join('')

/** Any of them. */
export const UNSEEN: RegExp =
  /[\0-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/u
