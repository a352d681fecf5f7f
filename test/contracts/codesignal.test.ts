import { makeCodesignalSubject } from './codesignal-subject.ts';
import { describeVendorContract } from './vendor-contract.ts';

describeVendorContract('codesignal', true, makeCodesignalSubject);
