type Child = Node | string

/** An element with attributes and children; text is never markup. */
export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes))
    element.setAttribute(attribute, value)
  element.append(...children)
  return element
}

/** The element with an id, of a kind. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`#${id} is not on the page`)
  return found
}

/** A character as it is shown: what cannot be seen as a mark for it. */
export const visible = (text: string): string =>
  text
    .replace(/\t/g, '⇥')
    .replace(/[\0-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]/g, (character) =>
      character === '\n' ? '⏎' : '␣',
    )

/** A character as it is named in a sentence; of a hash, its beginning. */
export function named(text: string): string {
  if (text === ' ') return 'a blank'
  const most = /^[\da-f]{64}$/.test(text) ? 8 : 40
  return text.length > most ? `${text.slice(0, most)}…` : visible(text)
}
