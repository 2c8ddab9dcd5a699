import type { SaidQuality } from '../../core/call/said-quality.ts';
import { w } from '../words.ts';

/** How the call goes, in a sentence. */
export function qualitySentence({ level, reason, side }: Pick<SaidQuality, 'level' | 'reason' | 'side'>): string {
  if (level === 'good') return reason === 'relayed' ? w.quality_relayed() : w.quality_good();
  const own = side === 'own';
  switch (reason) {
    case 'lossy':
      return own ? w.quality_own_lossy() : w.quality_their_lossy();
    case 'late':
      return own ? w.quality_own_late() : w.quality_their_late();
    case 'busy':
      return own ? w.quality_own_busy() : w.quality_their_busy();
    case 'cut':
      return own ? w.quality_own_cut() : w.quality_their_cut();
    case 'slow':
    case 'relayed':
    case null:
      return own ? w.quality_own_slow() : w.quality_their_slow();
  }
}
