import { describe, expect, it } from 'vitest';
import { attendanceOf } from '../../server/domain/attendance.ts';
import { DEFAULT_SETTINGS, type HoursSetting, type Settings } from '../../server/protocol/settings.ts';
import { topicOfPage } from '../../server/protocol/topic-of-page.ts';

const week = (from: number, to: number): HoursSetting => ({
  zone: 'Europe/Madrid',
  weekly: Array.from({ length: 7 }, () => [{ from, to }]),
  exceptions: {},
});
const at = (iso: string): number => Date.parse(iso);
const settings: Pick<Settings, 'hours' | 'topics' | 'routing'> = {
  ...DEFAULT_SETTINGS,
  hours: week(9 * 60, 18 * 60),
  topics: [
    { id: 'sales', name: { en: 'Sales' }, hours: null, paths: ['/shop'] },
    { id: 'repairs', name: { en: 'Repairs' }, hours: week(10 * 60, 12 * 60), paths: ['/shop/care', '/help'] },
  ],
};
const everything = { skills: 'all', presence: 'available' } as const;

describe('promise 20: open or closed, and whether somebody is there', () => {
  it('says it for the shop and for each topic, with when it changes, whatever the clocks do', () => {
    // The day on which Madrid goes from UTC+1 to UTC+2.
    const { attendance, changesAt } = attendanceOf(settings, [everything], at('2027-03-28T09:30:00Z'));
    expect(attendance).toMatchObject({ open: true, until: at('2027-03-28T16:00:00Z'), staffed: true });
    expect(attendance.topics).toMatchObject([
      { id: 'sales', open: true, until: at('2027-03-28T16:00:00Z') },
      { id: 'repairs', open: true, until: at('2027-03-28T10:00:00Z') },
    ]);
    expect(changesAt).toBe(at('2027-03-28T10:00:00Z'));
    const evening = attendanceOf(settings, [everything], at('2027-03-27T20:00:00Z')).attendance;
    expect(evening).toMatchObject({ open: false, until: at('2027-03-28T07:00:00Z') });
  });

  it('counts who is busy, not who is away, and for a topic only who knows it', () => {
    const staffed = (...agents: Parameters<typeof attendanceOf>[1]) => {
      const { attendance } = attendanceOf(settings, agents, at('2027-03-27T12:00:00Z'));
      return [attendance.staffed, ...attendance.topics.map((topic) => topic.staffed)];
    };
    expect(staffed()).toEqual([false, false, false]);
    expect(staffed({ ...everything, presence: 'away' })).toEqual([false, false, false]);
    expect(staffed({ skills: ['repairs'], presence: 'busy' })).toEqual([true, false, true]);
  });

  it('a page says its topic by the longest beginning of its path', () => {
    const topic = (address: string) => topicOfPage(settings.topics, address);
    expect(topic('https://shop.example/shop/care/oil')).toBe('repairs');
    expect(topic('https://shop.example/shop/vase?x=/help')).toBe('sales');
    expect(topic('https://shop.example/')).toBeNull();
    expect(topic('nonsense')).toBeNull();
  });
});
