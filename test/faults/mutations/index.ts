import type { Mutation } from './mutation.ts';
import { MUTATIONS_R1 } from './r1.ts';
import { MUTATIONS_R2 } from './r2.ts';
import { MUTATIONS_R3 } from './r3.ts';
import { MUTATIONS_R4 } from './r4.ts';
import { MUTATIONS_R5 } from './r5.ts';
import { MUTATIONS_R6 } from './r6.ts';
import { MUTATIONS_R7 } from './r7.ts';
import { MUTATIONS_R8 } from './r8.ts';
import { MUTATIONS_R9 } from './r9.ts';
import { MUTATIONS_R10 } from './r10.ts';
import { MUTATIONS_R11 } from './r11.ts';
import { MUTATIONS_R12 } from './r12.ts';
import { MUTATIONS_R13 } from './r13.ts';
import { MUTATIONS_R14 } from './r14.ts';
import { MUTATIONS_R15 } from './r15.ts';
import { MUTATIONS_R16 } from './r16.ts';
import { MUTATIONS_R18 } from './r18.ts';
import { MUTATIONS_R19 } from './r19.ts';
import { MUTATIONS_R20 } from './r20.ts';
import { MUTATIONS_S3 } from './s3.ts';
import { MUTATIONS_S22 } from './s22.ts';
import { MUTATIONS_S24 } from './s24.ts';
import { MUTATIONS_S25 } from './s25.ts';
import { MUTATIONS_SO } from './so.ts';

/** Every guard that a check claims to watch. */
export const MUTATIONS: readonly Mutation[] = [
  ...MUTATIONS_R1,
  ...MUTATIONS_R2,
  ...MUTATIONS_R4,
  ...MUTATIONS_R5,
  ...MUTATIONS_R3,
  ...MUTATIONS_R6,
  ...MUTATIONS_R7,
  ...MUTATIONS_R8,
  ...MUTATIONS_R9,
  ...MUTATIONS_R10,
  ...MUTATIONS_R11,
  ...MUTATIONS_R12,
  ...MUTATIONS_R13,
  ...MUTATIONS_R14,
  ...MUTATIONS_R15,
  ...MUTATIONS_R16,
  ...MUTATIONS_R18,
  ...MUTATIONS_R19,
  ...MUTATIONS_R20,
  ...MUTATIONS_S3,
  ...MUTATIONS_S22,
  ...MUTATIONS_S25,
  ...MUTATIONS_S24,
  ...MUTATIONS_SO,
];
