import type { Examination } from '../examine.ts'
import { el } from './dom.ts'
import { stage } from './stage.ts'
import { textBlock } from './text-block.ts'
import type { Threads } from './threads.ts'

/** What is known of the signature; nothing, where the fault is not one of the signature. */
function stateOf({
  explanation,
  checked,
  labels,
}: Examination): readonly [tone: string, text: string] {
  const { matches, cause, theirs } = explanation
  if (checked === 'unchecked') return ['open', 'Not checked: no secret was typed.']
  if (matches) return ['match', 'It is the one that the secret gives.']
  if (cause === 'wrong-secret') return ['fault', 'The secret that was typed does not give it.']
  if (!theirs) return ['open', '']
  return labels[0] === 'as signed'
    ? [
        'fault',
        'It is right for the text as signed; the server reads another, and so makes another.',
      ]
    : ['fault', 'The secret gives it for the text as it was signed, not as it was sent.']
}

/** How a secret becomes the key of a day, region and service: a step for each part of the scope. */
function chain(credentialScope: string): HTMLElement {
  const steps = ['secret', ...credentialScope.split('/')]
  return el(
    'ol',
    { class: 'chain', 'aria-label': 'From the secret to the signing key, an HMAC each' },
    ...steps.map((step) => el('li', {}, step)),
    el('li', { class: 'key' }, 'signing key'),
  )
}

/** The stage of the key and the signature. The signature that was expected is never shown. */
export function keyStage(examination: Examination, ties: Threads): HTMLElement {
  const { stated, explanation } = examination
  const { credentialScope = '', stringToSign = '' } = explanation.ours ?? {}
  const { text = '' } = stated.signature ?? {}
  const [tone, state] = stateOf(examination)
  const whole = { part: 'to sign', start: 0, end: stringToSign.length }
  const why = 'the HMAC of the string to sign, under the signing key'
  const block = textBlock(
    'Signature',
    [
      {
        ...{ label: 'signature', side: 'both' },
        characters: [
          {
            piece: { text, from: [whole], why },
            ...{ part: 'signature', start: 0, place: 'the signature' },
          },
        ],
      },
    ],
    ties,
  )
  return stage(
    'Signature',
    chain(credentialScope),
    ...(text ? [block] : []),
    ...(text && state ? [el('p', { class: `state ${tone}` }, state)] : []),
  )
}
