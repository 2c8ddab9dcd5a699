/** Control characters that no text has; a tab, line ends, a form feed and an escape it may have. */
function isNoText(code: number): boolean {
  return code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13 && code !== 27;
}

/**
 * Whether bytes that come piece by piece are text: UTF-8, UTF-16 with its mark, or one of the older encodings of one byte
 * for a letter, in which spreadsheets still write.
 */
export class TextCheck {
  #utf16: TextDecoder | null = null;
  #begun = false;

  /** False: this is no text. */
  take(bytes: Uint8Array): boolean {
    if (!this.#begun && bytes.length > 0) {
      this.#begun = true;
      const encoding =
        bytes[0] === 0xff && bytes[1] === 0xfe
          ? 'utf-16le'
          : bytes[0] === 0xfe && bytes[1] === 0xff
            ? 'utf-16be'
            : null;
      if (encoding) this.#utf16 = new TextDecoder(encoding, { fatal: true });
    }
    if (!this.#utf16) return !bytes.some(isNoText);
    return this.#decodes(bytes, true);
  }

  end(): boolean {
    return !this.#utf16 || this.#decodes(new Uint8Array(), false);
  }

  #decodes(bytes: Uint8Array, stream: boolean): boolean {
    try {
      const text = this.#utf16?.decode(bytes, { stream }) ?? '';
      for (let at = 0; at < text.length; at++) if (isNoText(text.charCodeAt(at))) return false;
      return true;
    } catch {
      return false;
    }
  }
}
