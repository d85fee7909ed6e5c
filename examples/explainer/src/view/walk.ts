import type { Threads } from './threads.ts'

const lineOf = (character: Element | undefined): Element | null =>
  character?.closest('.line') ?? null

const charactersOf = (element: Element): Element[] => [...element.querySelectorAll('.c')]

/** The character in another line that stands nearest below or above. */
function across(block: Element, from: Element, by: 1 | -1): Element | undefined {
  const lines = [...block.querySelectorAll('.line')].filter((line) => line.querySelector('.c'))
  const line = lineOf(from)
  if (!line) return undefined
  const column = charactersOf(line).indexOf(from)
  const next = lines[lines.indexOf(line) + by]
  if (!next) return undefined
  const characters = charactersOf(next)
  return characters[Math.min(column, characters.length - 1)]
}

function next(block: Element, from: Element, key: string): Element | undefined {
  const characters = charactersOf(block)
  const line = charactersOf(lineOf(from) ?? block)
  const at = characters.indexOf(from)
  switch (key) {
    case 'ArrowRight':
      return characters[at + 1]
    case 'ArrowLeft':
      return characters[at - 1]
    case 'ArrowDown':
      return across(block, from, 1)
    case 'ArrowUp':
      return across(block, from, -1)
    case 'Home':
      return line[0]
    case 'End':
      return line.at(-1)
    default:
      return undefined
  }
}

const KEYS = /^(Arrow(Left|Right|Up|Down)|Home|End)$/

/** Lets a block's characters be pointed at, by mouse, finger and keyboard. */
export function walk(block: HTMLElement, ties: Threads): void {
  const pointed = ({ target }: Event) =>
    (target instanceof Element && target.closest('.c')) || undefined
  let current: Element | undefined
  const first = () => block.querySelector('.c.differs') ?? charactersOf(block)[0]
  const go = (to: Element | undefined) => {
    if (!to) return
    current = to
    ties.pin(to)
  }
  block.addEventListener('pointerover', (event) => {
    const character = pointed(event)
    if (character) ties.light(character)
  })
  block.addEventListener('pointerleave', ({ pointerType }) => {
    if (pointerType === 'mouse') ties.rest()
  })
  block.addEventListener('click', (event) => go(pointed(event)))
  block.addEventListener('focus', () => {
    if (block.matches(':focus-visible')) go(current ?? first())
  })
  block.addEventListener('blur', () => ties.pin(undefined))
  block.addEventListener('keydown', (event) => {
    const { key } = event
    if (key === 'Escape') ties.pin(undefined)
    if (!KEYS.test(key) || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    go(current ? next(block, current, key) : first())
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })
}
