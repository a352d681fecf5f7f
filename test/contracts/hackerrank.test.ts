import { makeHackerrankSubject } from './hackerrank-subject.ts';
import { describeVendorContract } from './vendor-contract.ts';

describeVendorContract('hackerrank', true, () => makeHackerrankSubject());
