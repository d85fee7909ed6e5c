import { type Clues, examine } from './examine.ts'
import { readAnswer, readPaste } from './read-paste.ts'
import { SAMPLES, type Sample } from './samples.ts'
import type { Verdict } from './verdict.ts'
import { byId, el } from './view/dom.ts'
import { road } from './view/road.ts'
import { outline } from './view/stage.ts'
import { threads } from './view/threads.ts'
import { verdictCard } from './view/verdict-card.ts'

const CLUES = ['secret', 'sessionToken', 'otherSecret', 'region', 'service', 'pathPrefix'] as const

/** How long a person may type before the page looks, in milliseconds. */
const PAUSE = 150

/** Makes the page work; all that it knows is in its fields. */
function start(): void {
  const request = byId('request', HTMLTextAreaElement)
  const answer = byId('answer', HTMLTextAreaElement)
  const clues = CLUES.map((name) => [name, byId(name, HTMLInputElement)] as const)
  const fields = [request, answer, ...clues.map(([, field]) => field)]
  const result = byId('result', HTMLElement)
  const verdict = byId('verdict', HTMLElement)
  const stages = byId('stages', HTMLElement)
  const note = byId('note', HTMLElement)
  const samples = byId('samples', HTMLElement)

  const known = (told: string | undefined): Clues => ({
    ...(Object.fromEntries(clues.map(([name, field]) => [name, field.value])) as unknown as Clues),
    answer: answer.value.trim() ? answer.value : (told ?? ''),
  })
  let turn = 0
  const look = async () => {
    const mine = ++turn
    const show = (card: HTMLElement | undefined, drawn: HTMLElement | undefined) => {
      if (mine !== turn) return
      result.setAttribute('aria-busy', 'false')
      verdict.replaceChildren(...(card ? [card] : []))
      stages.replaceChildren(drawn ?? (card ? '' : outline()))
      document.body.classList.toggle('empty', !card)
      note.textContent = ''
    }
    if (request.value.trim() === '' && answer.value.trim() === '') return show(undefined, undefined)
    try {
      const pasted = readPaste(request.value)
      const given = known(pasted.answer)
      const sent = pasted.sent ?? readAnswer(given.answer)
      if (!sent) throw new Error('Paste the request as well: this is what a server answered to it.')
      const examination = await examine(sent, given)
      show(
        verdictCard(examination.verdict),
        road(
          examination,
          threads((text) => {
            note.textContent = text
          }),
        ),
      )
    } catch (error) {
      show(verdictCard(unread(error)), undefined)
    }
  }
  let pause: ReturnType<typeof setTimeout> | undefined
  for (const field of fields)
    field.addEventListener('input', () => {
      clearTimeout(pause)
      result.setAttribute('aria-busy', 'true')
      pause = setTimeout(look, PAUSE)
    })
  const fill = (sample: Sample) => {
    for (const field of fields) field.value = ''
    request.value = sample.request
    answer.value = sample.answer
    byId('secret', HTMLInputElement).value = sample.secret ?? ''
    byId('clues', HTMLDetailsElement).open = sample.secret !== undefined
    return look()
  }
  for (const [name, make] of Object.entries(SAMPLES)) {
    const button = el('button', { type: 'button' }, name)
    button.addEventListener('click', async () => {
      await fill(await make())
      scrollTo({ top: verdict.getBoundingClientRect().top + scrollY - 16 })
    })
    samples.append(button)
  }
  byId('clear', HTMLButtonElement).addEventListener('click', async () => {
    await fill({ request: '', answer: '' })
    request.focus()
  })
  byId('form', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault())
  // No secret outlives its page, in a cache for going back neither.
  addEventListener('pagehide', () => {
    for (const field of fields) field.value = ''
  })
  void look()
}

/** What is told where a paste cannot be read. */
const unread = (error: unknown): Verdict => ({
  ...{ tone: 'open', badge: 'Not read', also: [] },
  cause: error instanceof Error && 'code' in error ? String(error.code) : '',
  title: 'This cannot be read yet.',
  cure: error instanceof Error ? error.message : String(error),
})

start()
