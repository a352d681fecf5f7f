import { NotThere } from '../refused.ts';

/** Every row has these; the times are ISO 8601, UTC, with milliseconds. */
export interface Stamped {
  id: number;
  createdAt: string;
  updatedAt: string;
}

/**
 * Rows with ids as a numbered silo gives them: larger than 32 bits, ending in the silo's three digits
 * (259096501002 is the 259096501st on silo 2), so that an id kept as int32 breaks here and not at a customer's.
 */
export class Table<Row extends Stamped> {
  private readonly rows = new Map<number, Row>();
  private next: number;
  private readonly name: string;
  private readonly now: () => Date;

  constructor({ name, first, now }: { name: string; first: number; now: () => Date }) {
    this.name = name;
    this.next = first;
    this.now = now;
  }

  add(fields: Omit<Row, keyof Stamped>, at: string = this.now().toISOString()): Row {
    const row = { ...fields, id: this.next * 1000 + 2, createdAt: at, updatedAt: at } as Row;
    this.next += 1 + (this.next % 3);
    this.rows.set(row.id, row);
    return row;
  }

  find(id: number | null | undefined): Row | undefined {
    return id == null ? undefined : this.rows.get(id);
  }

  /** Throws NotThere. */
  get(id: number): Row {
    const row = this.rows.get(id);
    if (!row) throw new NotThere(`${this.name} ${id}`);
    return row;
  }

  /** Oldest first. */
  list(wanted: (row: Row) => boolean = () => true): Row[] {
    return [...this.rows.values()].filter(wanted);
  }

  change(row: Row, fields: Partial<Row>): Row {
    return Object.assign(row, fields, { updatedAt: this.now().toISOString() });
  }

  remove(id: number): void {
    this.rows.delete(id);
  }
}
