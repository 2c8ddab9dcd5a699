import { cutOut, line, whole, type Cut } from '../cuts.ts';

/**
 * A plugin of the build that fits mediasoup-client to us: what it brings for React Native, for data channels, for pausing,
 * for its tests and its debug output is left out, and of its handlers, one for each family of browsers, none comes with it: the one
 * that is needed is loaded by handler.ts. It knows the text of one version, 3.24.1, and refuses another one.
 */

const DATA_CHANNELS = [whole('    async sendDataChannel('), whole('    async receiveDataChannel(')];
/** We pause on the server, and set what is sent, and ask how that goes, at the browser's own sender. */
const PAUSING = [
  whole('    async pauseSending('),
  whole('    async resumeSending('),
  whole('    async setMaxSpatialLayer('),
  whole('    async setRtpEncodingParameters('),
  whole('    async getSenderStats('),
  whole('    async pauseReceiving('),
  whole('    async resumeReceiving('),
  whole('    async getReceiverStats('),
];
const HANDLER = [...DATA_CHANNELS, ...PAUSING];
/** Only of a transport's end we hear this way. Closed by us, and together with its transport. */
const OBSERVER = [
  line('    _observer = new enhancedEvents_1.EnhancedEventEmitter();'),
  whole('    get observer('),
  line("        this._observer.safeEmit('close');"),
  line('        this._observer.close();'),
  line("        this._observer.safeEmit('close');"),
  line('        this._observer.close();'),
];
const STACK: Cut[] = [
  { from: "        if (Error.hasOwnProperty('captureStackTrace')) {", to: '        }' },
  { from: '        else {', to: '        }' },
];
/** Who hears of something: told by its first line. */
const listener = (from: string): Cut => ({ from, to: '        });' });

/** What is cut, by file. */
const CUTS: Record<string, Cut[]> = {
  'Device.js': [
    { from: 'const Chrome111_1 = ', to: 'const ReactNative106_1 = require("./handlers/ReactNative106");' },
    line('exports.detectDevice = detectDevice;'),
    line('exports.detectDeviceAsync = detectDeviceAsync;'),
    whole('function detectDevice('),
    whole('async function detectDeviceAsync('),
    whole('    static async factory('),
    line('    _observer = new enhancedEvents_1.EnhancedEventEmitter();'),
    whole('    get handlerName('),
    whole('    get rtpCapabilities('),
    whole('    get sendRtpCapabilities('),
    whole('    get observer('),
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
  'index.js': [
    line('exports.debug = debug_1.default;'),
    line('exports.types = __importStar(require("./types"));'),
    { from: 'Object.defineProperty(exports, "detectDevice"', to: '/**', instead: '/**' },
    {
      from: 'exports.ortc = ',
      to: 'exports.testFakeParameters = __importStar(require("./test/fakeParameters"));',
    },
  ],
  'enhancedEvents.js': [
    whole('    addListener('),
    whole('    prependListener('),
    whole('    prependOnceListener('),
    whole('    removeListener('),
    whole('    listeners('),
    whole('    rawListeners('),
  ],
  // Every browser that calls gives an error its stack.
  'errors.js': [...STACK, ...STACK],
  'ortc.js': [
    line('exports.validateAndNormalizeSctpStreamParameters = validateAndNormalizeSctpStreamParameters;'),
    whole('function validateAndNormalizeSctpStreamParameters('),
  ],
  'Transport.js': [
    line('const DataProducer_1 = require("./DataProducer");'),
    line('const DataConsumer_1 = require("./DataConsumer");'),
    line('    _dataProducers = new Map();'),
    line('    _dataConsumers = new Map();'),
    { from: '        if (this._sctpParameters) {', to: '        }' },
    { from: '        // Close all DataProducers.', to: '        this._dataConsumers.clear();' },
    whole('    async produceData('),
    whole('    async consumeData('),
    whole('    getDataChannelMaxMessageSize('),
    whole('    handleDataProducer('),
    whole('    handleDataConsumer('),
    whole('    get direction('),
    whole('    get handler('),
    whole('    get iceGatheringState('),
    whole('    get appData('),
    whole('    set appData('),
    listener("        handler.on('@icegatheringstatechange', "),
    listener("        handler.on('@icecandidateerror', "),
    line('    _pendingPauseConsumers = new Map();'),
    line('    _consumerPauseInProgress = false;'),
    line('    _pendingResumeConsumers = new Map();'),
    line('    _consumerResumeInProgress = false;'),
    whole('    pausePendingConsumers('),
    whole('    resumePendingConsumers('),
    listener("        producer.on('@pause', "),
    listener("        producer.on('@resume', "),
    listener("        producer.on('@setmaxspatiallayer', "),
    listener("        producer.on('@setrtpencodingparameters', "),
    listener("        producer.on('@getstats', "),
    line('            this._pendingPauseConsumers.delete(consumer.id);'),
    line('            this._pendingResumeConsumers.delete(consumer.id);'),
    listener("        consumer.on('@pause', "),
    listener("        consumer.on('@resume', "),
    listener("        consumer.on('@getstats', "),
  ],
  'Producer.js': [
    ...OBSERVER,
    whole('    get maxSpatialLayer('),
    whole('    get appData('),
    whole('    set appData('),
    whole('    pause('),
    whole('    resume('),
    whole('    async setMaxSpatialLayer('),
    whole('    async setRtpEncodingParameters('),
    whole('    async getStats('),
  ],
  'Consumer.js': [
    ...OBSERVER,
    whole('    get producerId('),
    whole('    get appData('),
    whole('    set appData('),
    whole('    pause('),
    whole('    resume('),
    whole('    async getStats('),
  ],
  'handlers/sdp/RemoteMediaSection.js': [
    // Each of the answer's, then the offer's.
    whole('    resume('),
    whole('    resume('),
    whole('    muxSimulcastStreams('),
    { from: "            case 'application': {", to: '            }' },
    { from: "            case 'application': {", to: '            }' },
  ],
  'handlers/sdp/RemoteSdp.js': [
    { from: '        // If there are plain RPT parameters', to: '        }' },
    whole('    sendSctpAssociation('),
    whole('    receiveSctpAssociation('),
    whole('    muxMediaSectionSimulcast('),
    whole('    pauseMediaSection('),
    whole('    resumeSendingMediaSection('),
    whole('    resumeReceivingMediaSection('),
  ],
  'handlers/Chrome111.js': HANDLER,
  'handlers/Chrome74.js': HANDLER,
  'handlers/Firefox120.js': HANDLER,
  'handlers/Safari12.js': HANDLER,
};

/** The same for the small libraries that come with it. */
const CUTS_BESIDE: Record<string, Cut[]> = {
  'awaitqueue/lib/AwaitQueue.js': [whole('    remove('), whole('    dump(')],
  'sdp-transform/lib/index.js': [
    { from: 'exports.parseFmtpConfig = ', to: 'exports.parseSimulcastStreamList = parser.parseSimulcastStreamList;' },
  ],
  'sdp-transform/lib/parser.js': [
    line('exports.parseFmtpConfig = exports.parseParams;'),
    { from: 'exports.parsePayloads = ', to: '};' },
    { from: 'exports.parseRemoteCandidates = ', to: '};' },
    { from: 'exports.parseImageAttributes = ', to: '};' },
    { from: 'exports.parseSimulcastStreamList = ', to: '};' },
  ],
  'h264-profile-level-id/lib/index.js': [
    line('exports.profileToString = profileToString;'),
    line('exports.levelToString = levelToString;'),
    line('exports.isSameProfileAndLevel = isSameProfileAndLevel;'),
    line('exports.supportedLevel = supportedLevel;'),
    { from: 'const LevelConstraints = [', to: '];' },
    whole('function profileToString('),
    whole('function levelToString('),
    whole('function isSameProfileAndLevel('),
    whole('function supportedLevel('),
  ],
};

const UNUSED = /\/(ReactNative106|FakeHandler|fakeParameters|Logger|DataProducer|DataConsumer)$|^debug$/;
const NOTHING = '\0unused.cjs';
const EMPTY = 'module.exports = {};';
/** What TypeScript puts before a file that imports a module whole: to make an object of what may be none. Theirs all are. */
const WHOLE_IMPORTS = /^var __createBinding = [^]*?^\}\)\(\);\n/m;
/** A logger, and a statement of its own or the end of one that only tells it something. */
const LOGGER = /^const \w*[lL]ogger = new Logger_1\.Logger\(.*\);$/m;
const TOLD = /^\s*\w*[lL]ogger\.(debug|warn|error)\(.*\);$/gm;
const TOLD_LATER = /\blogger\.warn\('producer closure failed:%o', error\)/;
const OBSERVED = /^\s*this\._observer\.safeEmit\('(?!close').*\);$/gm;
/** What is wrong with a call: the types say it before, and the name of the error and the place in the source afterwards. */
const WRONG_ARGUMENT = /\bnew (TypeError|errors_1\.\w+Error)\((?:'[^']*'|"[^"]*"|`[^`]*`)\)/g;

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
    load: (id: string) => (id === NOTHING ? EMPTY : undefined),
    transform(code: string, id: string) {
      const path = /[\\/]((mediasoup-client|awaitqueue|sdp-transform|h264-profile-level-id)[\\/]lib[\\/].*\.js)/.exec(
        id,
      )?.[1];
      if (!path) return null;
      const file = path.replaceAll('\\', '/');
      const cuts = CUTS[file.replace('mediasoup-client/lib/', '')] ?? CUTS_BESIDE[file] ?? [];
      const cut = cutOut('mediasoup-client', code, cuts).replace(WHOLE_IMPORTS, '').replaceAll('__importStar(', '(');
      const lean = [LOGGER, TOLD, OBSERVED]
        .reduce((text, pattern) => text.replace(pattern, ''), cut)
        .replace(TOLD_LATER, 'undefined')
        .replace(WRONG_ARGUMENT, 'new $1()');
      if (/[lL]ogger\.\w/.test(lean)) throw new Error(`${file} tells its logger in another way: look at it anew.`);
      return { code: lean, map: null };
    },
  };
}
