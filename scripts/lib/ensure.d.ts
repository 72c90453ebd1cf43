export declare function ensureBuilt(kinds?: ReadonlyArray<'release' | 'development'>): void;
export declare function isInstalled(folder: string): boolean;
