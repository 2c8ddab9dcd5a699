import type { Settings } from '../protocol/settings.ts';
import type { Attendance, Openness } from '../protocol/views.ts';
import { opennessAt } from './hours.ts';
import type { QueueAgent } from './queue.ts';

export type Attending = Pick<QueueAgent, 'skills' | 'presence'>;

/** Whether the shop is open and somebody is there, in all and for each topic; and when that changes by itself, null: not. */
export function attendanceOf(
  { hours, topics, routing }: Pick<Settings, 'hours' | 'topics' | 'routing'>,
  agents: readonly Attending[],
  now: number,
): { attendance: Attendance; changesAt: number | null } {
  // Whoever is busy takes what they choose; whoever is away takes nothing.
  const there = agents.filter(({ presence }) => presence !== 'away');
  const always: Openness = { open: true, until: null };
  const whole = hours ? opennessAt(hours, now) : always;
  const each = topics.map(({ id, name, paths, hours: own }) => {
    const staffed = there.some(({ skills }) => skills === 'all' || skills.includes(id));
    return { id, name, paths, staffed, ...(own ? opennessAt(own, now) : whole) };
  });
  const changes = [whole, ...each].flatMap(({ until }) => until ?? []);
  const { channels } = routing;
  return {
    attendance: { ...whole, staffed: there.length > 0, topics: each, channels },
    changesAt: changes.length > 0 ? Math.min(...changes) : null,
  };
}
