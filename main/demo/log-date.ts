/** As C's ctime prints it, in UTC: `Sun Nov 22 15:03:13 2026`, the day of the month padded with a space. */
export function logDate(at: number): string {
  const [week = '', day = '', month = '', year = '', time = ''] = new Date(at).toUTCString().split(/,? /);
  return `${week} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
}
