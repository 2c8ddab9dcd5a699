import { allRows, firstRow, type Executor } from './executor.ts';
import { excluded, pick, prepare } from './prepared.ts';
import type { Agent, Storage } from './storage.ts';
import type { Queries, Tables } from './tables.ts';

type AgentRow = Tables['agents'];

export function teamOver(
  executor: Executor,
  queries: Queries,
): Pick<
  Storage,
  | 'saveAgent'
  | 'agentByEmail'
  | 'agentById'
  | 'agents'
  | 'saveAgentSession'
  | 'agentSession'
  | 'deleteAgentSession'
  | 'deleteAgentSessions'
> {
  const details = [
    ...(['shop', 'email', 'email_key', 'name', 'role', 'password_hash'] as const),
    ...(['topics', 'capacity', 'active'] as const),
  ];
  const save = prepare((row: AgentRow) =>
    queries
      .insertInto('agents')
      .values(pick(row, ['id', ...details]))
      .onConflict((conflict) => conflict.column('id').doUpdateSet(excluded(details))),
  );
  const byEmail = prepare((agent: { key: string }) =>
    queries.selectFrom('agents').selectAll().where('email_key', '=', agent.key),
  );
  const byId = prepare((agent: { id: string }) => queries.selectFrom('agents').selectAll().where('id', '=', agent.id));
  const ofShop = prepare((wanted: { shop: string }) =>
    queries.selectFrom('agents').selectAll().where('shop', '=', wanted.shop).orderBy('name').orderBy('id'),
  );

  const saveSession = prepare((row: Tables['agent_sessions']) =>
    queries
      .insertInto('agent_sessions')
      .values(pick(row, ['id', 'agent', 'expires_at']))
      .onConflict((conflict) => conflict.column('id').doUpdateSet(excluded(['agent', 'expires_at']))),
  );
  const session = prepare((wanted: { id: string; now: number }) =>
    queries.selectFrom('agent_sessions').selectAll().where('id', '=', wanted.id).where('expires_at', '>', wanted.now),
  );
  const deleteSession = prepare((session: { id: string }) =>
    queries.deleteFrom('agent_sessions').where('id', '=', session.id),
  );
  const deleteSessions = prepare((sessions: { agent: string; now: number }) =>
    queries
      .deleteFrom('agent_sessions')
      .where((row) => row.or([row('agent', '=', sessions.agent), row('expires_at', '<=', sessions.now)])),
  );

  return {
    async saveAgent({ passwordHash, topics, active, ...agent }) {
      const row = {
        ...agent,
        email_key: emailKey(agent.email),
        password_hash: passwordHash,
        topics: topics && JSON.stringify(topics),
        active: active ? 1 : 0,
      };
      await executor.run([save(row)]);
    },
    async agentByEmail(email) {
      const row = await firstRow(executor, byEmail({ key: emailKey(email) }));
      return row && agentOf(row);
    },
    async agentById(id) {
      const row = await firstRow(executor, byId({ id }));
      return row && agentOf(row);
    },
    agents: async (shop) => (await allRows(executor, ofShop({ shop }))).map(agentOf),
    async saveAgentSession({ id, agent, expiresAt }) {
      await executor.run([saveSession({ id, agent, expires_at: expiresAt })]);
    },
    async agentSession(id, now) {
      const row = await firstRow(executor, session({ id, now }));
      return row && { id: row.id, agent: row.agent, expiresAt: row.expires_at };
    },
    async deleteAgentSession(id) {
      await executor.run([deleteSession({ id })]);
    },
    async deleteAgentSessions(agent, now) {
      await executor.run([deleteSessions({ agent, now })]);
    },
  };
}

/** Made here and not in SQL, because SQLite's `lower` knows ASCII alone. */
function emailKey(email: string): string {
  return email.normalize('NFC').toLowerCase();
}

function agentOf({ password_hash: passwordHash, topics, active, ...row }: AgentRow): Agent {
  const { id, shop, email, name, role, capacity } = row;
  const skills = topics === null ? null : JSON.parse(topics);
  return { id, shop, email, name, role, passwordHash, topics: skills, capacity, active: active === 1 };
}
