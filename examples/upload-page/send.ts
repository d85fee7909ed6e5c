import type { SignedRequest } from 'countersign'

/** Sends what was signed, and tells how much has gone, from 0 to 1. */
export function send(
  { method, url, headers }: Pick<SignedRequest, 'method' | 'url' | 'headers'>,
  file: Blob,
  onProgress: (share: number) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, url)
    // The browser writes this one, and lets nobody else.
    for (const [name, value] of Object.entries(headers))
      if (name !== 'host') request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total)
    request.onload = () => resolve(request.status)
    request.onerror = () => reject(new Error('There was no answer.'))
    request.send(file)
  })
}
