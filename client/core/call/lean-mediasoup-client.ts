/**
 * A plugin of the build that fits mediasoup-client to us: what it brings for React Native, for data channels, for its tests
 * and its debug output is left out, and of its handlers, one for each family of browsers, none comes with it: the one
 * that is needed is loaded by handler.ts. It knows the text of one version, 3.24.1, and refuses another one.
 */

type Cut = {
  /** Beginning of the first line. */
  from: string;
  /** Whole text of the last line. */
  to: string;
  /** What stands there instead. */
  instead?: string;
};

/** The whole of a function or method, told by its first line. */
const whole = (from: string): Cut => ({ from, to: from.replace(/\S.*/s, '}') });
const line = (text: string): Cut => ({ from: text, to: text });

const DATA_CHANNELS = [whole('    async sendDataChannel('), whole('    async receiveDataChannel(')];

/** What is cut, by file. */
const CUTS: Record<string, Cut[]> = {
  'Device.js': [
    { from: 'const Chrome111_1 = ', to: 'const ReactNative106_1 = require("./handlers/ReactNative106");' },
    line('exports.detectDevice = detectDevice;'),
    line('exports.detectDeviceAsync = detectDeviceAsync;'),
    whole('function detectDevice('),
    whole('async function detectDeviceAsync('),
    whole('    static async factory('),
    { from: '        if (handlerFactory) {', to: '        }', instead: 'this._handlerFactory = handlerFactory;' },
    { from: '        else {', to: '        }' },
    whole('function detectDeviceImpl('),
    whole('function getChromiumMajorVersion('),
    whole('function getFirefoxMajorVersion('),
    whole('function getMacOSWebKitMajorVersion('),
    whole('function getIOSWebKitMajorVersion('),
    whole('function isIOS('),
    whole('function isReactNative('),
  ],
  'Transport.js': [whole('    async produceData('), whole('    async consumeData(')],
  'handlers/Chrome111.js': DATA_CHANNELS,
  'handlers/Chrome74.js': DATA_CHANNELS,
  'handlers/Firefox120.js': DATA_CHANNELS,
  'handlers/Safari12.js': DATA_CHANNELS,
};

const UNUSED = /\/(ReactNative106|FakeHandler|fakeParameters|DataProducer|DataConsumer)$|^debug$/;
const NOTHING = '\0unused.cjs';
// `debug` is called once per module for a logger; a logger that says nothing.
const SILENT = 'const silent = () => silent; module.exports = silent; silent.default = silent;';
/** A statement of its own that only tells the logger something. */
const TOLD = /^\s*logger\.(debug|warn|error)\(.*\);$/gm;

/** Throws where the text is another one than was cut before. */
export function leanMediasoupClient() {
  return {
    name: 'lean-mediasoup-client',
    enforce: 'pre' as const,
    resolveId: (id: string, importer?: string) => {
      if (id === 'events-alias') return `${import.meta.dirname}/event-emitter.ts`;
      const theirs = /mediasoup-client|h264-profile-level-id|awaitqueue/.test(importer ?? '');
      return theirs && UNUSED.test(id) ? NOTHING : undefined;
    },
    load: (id: string) => (id === NOTHING ? SILENT : undefined),
    transform(code: string, id: string) {
      const file = /[\\/]mediasoup-client[\\/]lib[\\/](.*\.js)/.exec(id)?.[1]?.replaceAll('\\', '/');
      if (!file) return null;
      const cut = (CUTS[file] ?? []).reduce(without, code.split('\n')).join('\n');
      return { code: cut.replace(TOLD, ''), map: null };
    },
  };
}

function without(lines: string[], { from, to, instead = '' }: Cut): string[] {
  const start = lines.findIndex((text) => text.startsWith(from));
  const end = lines.indexOf(to, start);
  if (start < 0 || end < 0) throw new Error(`mediasoup-client has no “${from}” to leave out: look at it anew.`);
  return [...lines.slice(0, start), instead, ...lines.slice(end + 1)];
}
