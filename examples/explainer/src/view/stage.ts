import { el } from './dom.ts'

/** A stage of the road: its name, what it is for, and what is in it. */
export function stage(
  title: string,
  lead: string,
  ...children: readonly HTMLElement[]
): HTMLElement {
  return el(
    'li',
    { class: 'stage' },
    el('h3', {}, title),
    el('p', { class: 'lead' }, lead),
    ...children,
  )
}
