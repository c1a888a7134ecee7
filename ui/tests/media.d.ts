export function makeMedia(): void;
