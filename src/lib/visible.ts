/**
 * What moves a cursor, ends a line, turns the direction of a text around, or cannot be seen at all,
 * as the letters of tags, which are pairs of UTF-16's units.
 */
const UNSEEN =
  /[\0-\x1f\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udfff]?/g

/** The code of a unit, in four hex digits. */
export const codeOf = (unit: string): string =>
  unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')

/** A character by its codes, as JSON has them: `\u001b`. */
export const escaped = (character: string): string =>
  character.replace(/[\s\S]/g, (unit) => `\\u${codeOf(unit).toLowerCase()}`)

/** Whether a text holds what cannot be seen. */
export const isUnseen = (text: string): boolean => text.search(UNSEEN) >= 0

/** A text with what cannot be seen written by its code: so a stranger's is shown to people. */
export const visible = (text: string): string => text.replace(UNSEEN, escaped)

/** The same of a text of several lines, which stay, as do its tabs. */
export const visibleLines = (text: string): string =>
  text.replace(UNSEEN, (found) => (/[\t\n]/.test(found) ? found : escaped(found)))
