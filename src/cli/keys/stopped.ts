/** Why a rotation does not go on, in a sentence that says what to do. */
export class Stopped extends Error {}
