/** The baseline's bundle needs one workflow. */
export async function nothing() {}
