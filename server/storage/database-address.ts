/** Where a PostgreSQL is reached: a URL of the user's own, or the private socket of the embedded one. */
export type DatabaseAddress =
  | {
      connectionString: string;
      /** For the database, as on its command line: `-c name=value`. */
      options?: string;
    }
  | {
      /** The folder of the Unix socket. */
      host: string;
      port: number;
      database: string;
      user: string;
    };
