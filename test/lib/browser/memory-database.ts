import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { openDatabase } from '../../../lib/browser/database.ts';

/** A database of its own for each test. Pass the same factory to open it again, as a new worker does. */
export const memoryDatabase = (indexedDB = new IDBFactory()) => openDatabase('test', { indexedDB, IDBKeyRange });
