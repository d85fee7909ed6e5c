/** `#explain` for bundlers, which put all in one file. */
export { explainAsync } from './explain.ts'
