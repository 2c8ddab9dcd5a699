declare module '*.js?line' {
  const sentence: unknown;
  export default sentence;
}
/** A part of a compiled catalogue; vite.config.ts says which. */
declare module '*.js?steps' {
  const sentence: unknown;
  export default sentence;
}

declare module '*.js?files' {
  const sentence: unknown;
  export default sentence;
}
