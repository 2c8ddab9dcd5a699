import { conversationsOver } from './conversations.ts';
import { erasureOver } from './erasure.ts';
import type { Executor } from './executor.ts';
import { filesOver } from './files.ts';
import { faqOver } from './faq.ts';
import { recordingsOver } from './recordings.ts';
import { reportsOver } from './reports.ts';
import { shopSettingsOver } from './shop-settings.ts';
import { mailsOver } from './mails.ts';
import type { Engine } from './migrations.ts';
import { searchOver } from './search.ts';
import { settingsOver } from './settings.ts';
import { shopsOver } from './shops.ts';
import type { Storage } from './storage.ts';
import type { Queries } from './tables.ts';
import { teamOver } from './team.ts';

/** The storage over any SQL engine: `queries` compiles for its dialect, `executor` runs what comes out. */
export function sqlStorage(executor: Executor, queries: Queries, engine: Engine): Omit<Storage, 'close'> {
  return {
    ...shopsOver(executor, queries),
    ...teamOver(executor, queries),
    ...conversationsOver(executor, queries),
    ...faqOver(executor, queries),
    ...recordingsOver(executor, queries),
    ...filesOver(executor, queries),
    ...settingsOver(executor, queries),
    ...shopSettingsOver(executor, queries),
    ...mailsOver(executor, queries),
    ...reportsOver(executor, queries, engine),
    ...searchOver(executor, queries, engine),
    ...erasureOver(executor, queries, engine),
  };
}
