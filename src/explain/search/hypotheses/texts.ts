/** The outcome, or the text as it is where it cannot be encoded or decoded. */
export function tried(change: (text: string) => string, text: string): string {
  try {
    return change(text)
  } catch {
    return text
  }
}
