export declare function npm(): [command: string, ...args: string[]];
