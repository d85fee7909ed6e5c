import type { Examination } from '../examine.ts'
import { canonicalLines } from '../trace/canonical.ts'
import { attachedLines, stringToSignLines } from '../trace/later-stages.ts'
import { el } from './dom.ts'
import { keyStage } from './key-stage.ts'
import { requestRows, stageRows } from './rows.ts'
import { stage } from './stage.ts'
import { textBlock } from './text-block.ts'
import type { Threads } from './threads.ts'

const legend = ([ours, theirs]: Examination['labels']): HTMLElement =>
  el(
    'p',
    { class: 'legend' },
    el('span', { class: 'ours' }, `− ${ours}`),
    ' ',
    el('span', { class: 'theirs' }, `+ ${theirs}`),
  )

/** The road from the request to its signature, stage by stage. */
export function road(examination: Examination, ties: Threads): HTMLElement {
  const { sent, stated, explanation, labels } = examination
  const { ours, differences } = explanation
  const request = stage('Request', textBlock('Request', requestRows(sent), ties))
  if (!ours) return el('ol', { class: 'road' }, request)
  const { canonicalRequest, stringToSign } = ours
  const ofString = differences.filter(({ part }) => part === 'stringToSign')
  const ofRequest = differences.filter(({ part }) => part !== 'stringToSign')
  const canonical = stageRows(
    'canonical',
    'canonical request',
    canonicalLines(canonicalRequest, sent),
    ofRequest,
    labels[1],
  )
  const toSign = stageRows(
    'to sign',
    'string to sign',
    stringToSignLines(stringToSign, canonicalRequest, stated),
    ofString,
    labels[1],
  )
  return el(
    'ol',
    { class: 'road' },
    request,
    stage(
      'Canonical request',
      ...(ofRequest.length > 0 ? [legend(labels)] : []),
      textBlock('Canonical request', canonical, ties),
    ),
    stage(
      'String to sign',
      ...(ofString.length > 0 ? [legend(labels)] : []),
      textBlock('String to sign', toSign, ties),
    ),
    keyStage(examination, ties),
    ...(stated.placement === 'none'
      ? []
      : [
          stage(
            'Attached',
            textBlock(
              'Attached',
              stageRows(
                'attached',
                'attached signature',
                attachedLines(stated, canonicalRequest, stringToSign),
              ),
              ties,
            ),
          ),
        ]),
  )
}
