/** The outcome, or the text as it is where it cannot be encoded or decoded. */
export function tried(change: (text: string) => string, text: string): string {
  try {
    return change(text)
  } catch {
    return text
  }
}

/** A text that was percent-encoded once more than it should have been, without that. */
export const decodedAgain = (text: string): string => text.replace(/%25([\da-f]{2})/gi, '%$1')
