/** Version of the wire. A client of another version is refused at the handshake, never translated inside a handler. */
export const PROTOCOL_VERSION = 2;

/** Longest text of one message, in UTF-16 code units as the text field counts them. */
export const MESSAGE_TEXT_MAX = 4_000;
/** Longest note for the next agent, in UTF-16 code units. */
export const NOTE_MAX = 1_000;
/** Longest comment of a shopper on how it went, in UTF-16 code units. */
export const RATING_COMMENT_MAX = 1_000;
/** Largest JSON frame that the server reads, in bytes. */
export const JSON_FRAME_MAX = 64 * 1024;
/** Largest message of a socket, in bytes; a longer one closes it (1009) before it is read. */
export const MESSAGE_BYTES_MAX = 1024 * 1024;
/** Largest co-browsing frame when its parts are put together, in bytes: a snapshot of a very large page, compressed. */
export const COBROWSE_FRAME_MAX = 8 * 1024 * 1024;
/** A co-browsing frame that unpacks to more than this, in bytes, is no page. */
export const COBROWSE_INFLATED_MAX = 24 * 1024 * 1024;
/** People who can be in one call: the shopper and agents, whether they talk or only listen. */
export const PEOPLE_IN_CALL_MAX = 6;
/** Most entries that one frame carries to a client; the rest follows in more frames. */
export const ENTRIES_PER_FRAME = 200;
/** Longest label of a highlight, in UTF-16 code units. */
export const LABEL_MAX = 80;
/** Longest text that an agent may fill into a field, in UTF-16 code units. */
export const HANDS_TEXT_MAX = 1_000;
/** Longest name of an element in the record of what an agent did. */
export const HANDS_WHAT_MAX = 160;
/** Most points that one frame adds to a stroke. */
export const STROKE_POINTS_MAX = 64;
