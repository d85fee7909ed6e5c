import type { Finding } from '../examine.ts'
import { el } from './dom.ts'
import { stage } from './stage.ts'
import { textBlock } from './text-block.ts'
import type { Threads } from './threads.ts'

const STATES = {
  open: 'Not checked: no secret was typed.',
  match: 'It is the one that the secret gives.',
  fault: 'The secret does not give it for the text above, as the server reads it.',
} as const

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
export function keyStage(finding: Finding, ties: Threads): HTMLElement {
  const { stated, explanation, checked } = finding
  const { credentialScope = '', stringToSign = '' } = explanation.ours ?? {}
  const { text = '' } = stated.signature ?? {}
  const state = checked === 'unchecked' ? 'open' : explanation.matches ? 'match' : 'fault'
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
    'The secret becomes a key for one day, region and service; that key signs the string.',
    chain(credentialScope),
    ...(text ? [block, el('p', { class: `state ${state}` }, STATES[state])] : []),
  )
}
