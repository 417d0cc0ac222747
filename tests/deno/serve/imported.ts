/** What dynamic_import.ts imports: any module would do. */

export const imported = true;
