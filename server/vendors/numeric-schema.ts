import { z } from 'zod';

/** A finite number, or one written as text: vendors and no-code tools send both for the same field. */
export const numericSchema = z.union([
  z.number(),
  z
    .string()
    .trim()
    .regex(/^-?\d{1,15}(\.\d{1,15})?$/)
    .transform(Number),
]);
