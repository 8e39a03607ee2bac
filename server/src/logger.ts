import { type Logger, pino } from 'pino'

/**
 * JSON lines on standard error, so that standard output stays for what people are told.
 * @param process_name which process speaks, since several share one terminal
 */
export function createLogger(process_name: string, level: string): Logger {
  return pino({ level, base: { process: process_name, pid: process.pid } }, pino.destination({ dest: 2, sync: true }))
}
