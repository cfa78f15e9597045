/** A comparison needs a program that this machine lacks: a part skips the comparison and reports the message. */
export class MissingProgram extends Error {
  override name = 'MissingProgram';
}
