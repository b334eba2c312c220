/** Where the lines of a trace go. Nothing it does may take long: it is called while the shard works. */
export interface TraceSink {
  /** Takes a line, without the newline at its end. */
  write(line: string): void;
  /** Whether a new file is to begin. Asked between two steps; `rotate`, and a header and a checkpoint, follow. */
  readonly isFull?: boolean;
  /** Begins a new file. Returns how many lines before it could not be written. */
  rotate?(): number;
  /** Nothing more comes for a while, if ever: what is held back is to be written now. */
  settle?(): void;
  /** Who is to hear of what goes wrong later, such as a disk that is full. Called once. */
  onError?(listener: (error: unknown) => void): void;
}

/** What takes the lines of a trace: a sink, or a function alone. */
export type TraceTarget = TraceSink | ((line: string) => void);

/** How to record. */
export interface RecordOptions {
  readonly to: TraceTarget;
  /** Writes what messages hold, too: people's messages and names among it. Secrets are replaced all the same. */
  readonly contents?: boolean;
}
