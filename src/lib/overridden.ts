/** Options with others that go before them; one that is undefined goes before none. */
export function overridden<Options extends object>(
  options: Options,
  overrides: Partial<Options>,
): Options {
  const all: Options = { ...options }
  for (const [name, value] of Object.entries(overrides))
    if (value !== undefined) all[name as keyof Options] = value as Options[keyof Options]
  return all
}
