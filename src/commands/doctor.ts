import { describeDoctorReport, inspectInstallation } from './inspect-installation.js';
import type { Arguments } from './arguments.js';

/** Shows what is there, what is missing, and the next command. Changes nothing. */
export async function doctor(args: Arguments): Promise<number> {
  const report = await inspectInstallation({
    engine: args.engine,
    dataDir: args.dataDir,
    weightsDir: args.weightsDir,
  });
  process.stdout.write(`${args.json ? JSON.stringify(report, null, 2) : describeDoctorReport(report)}\n`);
  return 0;
}
