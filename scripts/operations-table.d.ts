import type { Resource } from '../nodes/Bento/operation/types';

export function operationsTable(resources: readonly Resource[]): string;
export function withTable(readme: string, table: string): string;
