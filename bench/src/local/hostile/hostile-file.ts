/** A file that means harm, made when it is its turn: together they would fill the memory of whoever makes them. */
export type HostileFile = { kind: string; make(): Buffer | Promise<Buffer> }
