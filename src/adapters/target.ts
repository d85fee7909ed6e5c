/** The request target of an absolute URL, as a client that takes both apart is to send it. */
export const targetOf = (url: string): string => url.replace(/^\w+:\/\/[^/?]*\/?/, '/')
