export declare const COMMANDS: Readonly<Record<string, { readonly help: string }>>;
