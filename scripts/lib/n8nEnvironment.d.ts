export declare const n8nEnvironment: Readonly<Record<string, string>>;
