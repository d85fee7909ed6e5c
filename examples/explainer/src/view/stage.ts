import { el } from './dom.ts'

/** The stages of the road, and what each is for. */
const STAGES = {
  Request: 'As it was pasted. Point at any character to follow it.',
  'Canonical request': 'The same request in the one spelling that both sides must come to.',
  'String to sign':
    'Four lines. The last is a hash of everything above, so one other character changes it all.',
  Signature: 'The secret becomes a key for one day, region and service; that key signs the string.',
  Attached: 'The signature and what it was made with, for the server to walk the same road.',
} as const

/** A stage of the road: its name, what it is for, and what is in it. */
export const stage = (
  title: keyof typeof STAGES,
  ...children: readonly HTMLElement[]
): HTMLElement =>
  el(
    'li',
    { class: 'stage' },
    el('h2', {}, title),
    el('p', { class: 'lead' }, STAGES[title]),
    ...children,
  )

/** The road before anything is pasted. */
export const outline = (): HTMLElement =>
  el(
    'ol',
    { class: 'road outline' },
    ...(Object.keys(STAGES) as (keyof typeof STAGES)[]).map((title) => stage(title)),
  )
