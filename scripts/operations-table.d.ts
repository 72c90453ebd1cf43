import type { Resource } from '../nodes/shared/operation/types';

export function operationsTable(resources: readonly Resource[]): string;
export function withTable(page: string, table: string): string;
