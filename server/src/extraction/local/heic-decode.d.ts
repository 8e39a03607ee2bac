declare module 'heic-decode' {
  export type Picture = { width: number; height: number; decode(): Promise<{ data: Uint8ClampedArray<ArrayBuffer> }> }
  const heic: { all(input: { buffer: Uint8Array }): Promise<[Picture, ...Picture[]] & { dispose(): void }> }
  export default heic
}
