import BookOpen from '@lucide/svelte/icons/book-open';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import type { Component } from 'svelte';
import type { AgentView } from '../../../server/protocol/views.ts';
import type { Desk } from '../desk/desk.svelte.ts';
import { w } from '../words.ts';

export type ScreenName = 'reports' | 'faq' | 'settings';

export type ScreenProps = { desk: Desk };

/** A screen beside the conversations: what is settled and written for the whole shop. Loaded when it is opened. */
export type Screen = {
  name: ScreenName;
  title: () => string;
  icon: typeof BookOpen;
  /** The least that an agent has to be. */
  role: AgentView['role'];
  load: () => Promise<{ default: Component<ScreenProps> }>;
};

/** In the order of the rail. A new screen is a line here. */
export const SCREENS: readonly Screen[] = [
  {
    name: 'reports',
    title: () => w.reports_title(),
    icon: ChartColumn,
    role: 'agent',
    load: () => import('./reports/ReportsScreen.svelte'),
  },
  {
    name: 'faq',
    title: () => w.faq_title(),
    icon: BookOpen,
    role: 'admin',
    load: () => import('./faq/FaqScreen.svelte'),
  },
  {
    name: 'settings',
    title: () => w.settings_title(),
    icon: SlidersHorizontal,
    role: 'admin',
    load: () => import('./settings/SettingsScreen.svelte'),
  },
];

const RANKS: readonly AgentView['role'][] = ['agent', 'supervisor', 'admin'];

export function screensFor(you: Pick<AgentView, 'role'> | null): Screen[] {
  return you ? SCREENS.filter(({ role }) => RANKS.indexOf(you.role) >= RANKS.indexOf(role)) : [];
}
