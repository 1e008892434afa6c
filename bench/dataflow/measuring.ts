/** A channel as `read.output_port > write.input_port`. */
export function channel(text: string) {
  const [from = '', to = ''] = text.split(' > ');
  const end = (part: string) => ({ stage: part.split('.')[0], port: part.split('.')[1] });
  return { from: end(from), to: end(to) };
}

/** Processor seconds of all threads of this process that `work` takes. */
export async function cpuSeconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}
