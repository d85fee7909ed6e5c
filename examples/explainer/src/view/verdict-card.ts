import type { Verdict } from '../verdict.ts'
import { el } from './dom.ts'

/** The cause and the cure. */
export function verdictCard({ tone, badge, title, cure, cause, also }: Verdict): HTMLElement {
  return el(
    'div',
    { class: `verdict ${tone}`, 'data-cause': cause },
    el('p', { class: 'badge' }, badge, ...(cause ? [' ', el('code', {}, cause)] : [])),
    el('h2', {}, title),
    el('p', { class: 'cure' }, cure),
    ...also.map((other) =>
      el(
        'div',
        { class: 'also' },
        el('p', {}, el('strong', {}, `And: ${other.title}`)),
        el('p', { class: 'cure' }, other.cure),
      ),
    ),
  )
}
