import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  permissionFor,
  problemOfDevice,
  problemOfScreen,
  problemOfThisBrowser,
} from '../../client/core/call/device-problem.ts';

afterEach(() => vi.unstubAllGlobals());

const refusal = (name: string, message = '') => new DOMException(message, name);

/** What the browser has been told for its devices; null: it does not tell. */
function allowing(state: PermissionState | null): void {
  const query = async () => await (state ? Promise.resolve({ state }) : Promise.reject(new TypeError('unknown')));
  vi.stubGlobal('navigator', { permissions: { query } });
}

describe('promise 13: what stands in the way', () => {
  it.each([
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'in-use'],
    ['AbortError', 'in-use'],
    ['InvalidStateError', 'dismissed'],
    ['TypeError', 'failed'],
  ])('a browser that says %s means: %s', async (name, problem) => {
    allowing('prompt');
    expect(await problemOfDevice(refusal(name), 'camera')).toBe(problem);
  });

  it.each([
    ['denied', 'denied'],
    ['prompt', 'dismissed'],
    [null, 'denied'],
  ] as const)('a no, where the permission is %s now, is: %s', async (state, problem) => {
    allowing(state);
    for (const name of ['NotAllowedError', 'SecurityError']) {
      expect(await problemOfDevice(refusal(name), 'microphone')).toBe(problem);
    }
    expect(await permissionFor('camera')).toBe(state ?? 'unknown');
  });

  it('who closes the picker of screens has done nothing wrong; a system that forbids it is said to', () => {
    expect(problemOfScreen(refusal('NotAllowedError', 'Permission denied'))).toBe('dismissed');
    expect(problemOfScreen(refusal('NotAllowedError', 'Permission denied by system'))).toBe('denied');
    expect(problemOfScreen(refusal('NotReadableError'))).toBe('in-use');
    expect(problemOfScreen('not even an error')).toBe('failed');
  });

  it('a page without https, and a browser without the means, are known before anything is tried', () => {
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => {} } });
    vi.stubGlobal('window', { isSecureContext: true });
    expect(problemOfThisBrowser('device')).toBeNull();
    expect(problemOfThisBrowser('screen')).toBe('unsupported');
    vi.stubGlobal('navigator', {});
    expect(problemOfThisBrowser('device')).toBe('unsupported');
    vi.stubGlobal('window', { isSecureContext: false });
    expect(problemOfThisBrowser('device')).toBe('insecure');
  });
});
