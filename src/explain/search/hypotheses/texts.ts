/** The outcome, or the text as it is where it cannot be encoded or decoded. */
export function tried(change: (text: string) => string, text: string): string {
  try {
    return change(text)
  } catch {
    return text
  }
}

/** What a text is made by, called once and only when it is wanted. */
export function once(make: () => string): () => string {
  let made: string | undefined
  return () => {
    made ??= make()
    return made
  }
}
