/** Asks the page's own server for a link, and sends the file there; no key comes to the page. */
import { send } from './send.ts'

const input = document.querySelector('input') as HTMLInputElement
const progress = document.querySelector('progress') as HTMLProgressElement
const output = document.querySelector('output') as HTMLOutputElement

input.addEventListener('change', async () => {
  const file = input.files?.[0]
  if (!file) return
  output.value = ''
  try {
    const link = await fetch(`/link?${new URLSearchParams({ name: file.name, type: file.type })}`)
    const status = await send(await link.json(), file, (share) => {
      progress.value = share
    })
    output.value = status === 200 ? `${file.name} is there.` : `The bucket answered ${status}.`
  } catch (error) {
    output.value = `${error}`
  }
})
