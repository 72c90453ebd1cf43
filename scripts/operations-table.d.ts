export function operationsTable(): string;
export function withTable(readme: string, table: string): string;
