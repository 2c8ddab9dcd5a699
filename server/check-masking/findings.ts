import type { PageEvent, TreeNode } from '../protocol/cobrowse-event.ts';
import { secretsIn, type Secret } from './secrets.ts';

/** A field of the page, filled, and what of that would leave: what stands there, dots, nothing. */
export type FieldFinding = { label: string; type: string; leaves: 'as it is' | 'dots' | 'nothing' };
export type Finding = Secret & { where: string };

export type Findings = {
  fields: FieldFinding[];
  /** What a person can read on the page: texts, and attributes that are read out or shown. */
  texts: string[];
  /** The page's own address, where its links lead, and what is loaded to draw it. */
  addresses: { page: string[]; links: string[]; resources: string[] };
  /** Values of other attributes that say more than how the page looks, as `name="value"`. */
  attributes: string[];
  products: string[];
  /** Pictures and fonts that would be sent as files, since only this browser gets them. */
  files: { pictures: number; fonts: number };
  /** Addresses of pages inside frames of other origins, which are boxes in the picture of this page. */
  framed: string[];
  /** What looks like somebody's own and leaves all the same. */
  secrets: Finding[];
};

export type FilledField = { label: string; type: string; value: string; node: number };

const MASK = '•••••';
const READ =
  /^(?:title|alt|placeholder|label|summary|aria-(?:label|description|valuetext|roledescription|placeholder))$/;
const LINK = /^(?:action|formaction|cite|longdesc)$/;
const RESOURCE = /^(?:src|srcset|imagesrcset|poster|background|data)$/;
const LOOK =
  /^(?:class|style|type|role|dir|lang|width|height|rel|media|_csstext|rr_.*|data-mostrador-.*|d|viewbox|points|transform|fill.*|stroke.*|xmlns.*|value|for|aria-.*|autocomplete|inputmode|loading|decoding|sizes|target|method|tabindex|name|content)$/;

/** What an agent would get to see of a page, out of the frames that would leave. */
export function findingsOf(
  events: readonly PageEvent[],
  filled: readonly FilledField[],
  framed: readonly string[],
): Findings {
  const seen = new Sightings(new Set(filled.map(({ node }) => node)));
  for (const event of events) seen.event(event);
  const fields = filled.map(({ label, type, value, node }) => ({
    label,
    type,
    leaves: seen.leaves(node, type, value),
  }));
  const openFields = filled.filter((_, at) => fields[at]?.leaves === 'as it is');
  const secrets = [
    ...openFields.flatMap(({ label, value }) => flag(value, false, `the field “${label}”`)),
    ...[...seen.texts].flatMap(([text, where]) => flag(text, false, where)),
    ...[...seen.attributes].flatMap(([pair, where]) => flag(pair, true, where)),
    ...[...seen.page].flatMap((address) => flag(pathOf(address), true, 'the address of the page')),
    ...[...seen.links].flatMap((address) => flag(pathOf(address), true, 'a link')),
    // Their names are hashes often enough.
    ...[...seen.resources].flatMap((address) =>
      flag(pathOf(address).replace(/[^/]*\.\w{2,5}(?=$|\?)/, ''), true, 'a picture or style'),
    ),
  ];
  return {
    fields,
    texts: [...seen.texts.keys()],
    addresses: { page: [...seen.page], links: [...seen.links], resources: [...seen.resources] },
    attributes: [...seen.attributes.keys()],
    products: [...seen.products],
    files: { pictures: seen.pictures, fonts: seen.fonts },
    framed: [...framed],
    secrets: unique(secrets),
  };
}

class Sightings {
  readonly texts = new Map<string, string>();
  readonly attributes = new Map<string, string>();
  readonly page = new Set<string>();
  readonly links = new Set<string>();
  readonly resources = new Set<string>();
  readonly products = new Set<string>();
  readonly #fields: ReadonlySet<number>;
  readonly #values = new Map<number, string>();
  readonly #inside = new Map<number, string>();
  pictures = 0;
  fonts = 0;

  constructor(fields: ReadonlySet<number>) {
    this.#fields = fields;
  }

  event(event: PageEvent): void {
    switch (event.type) {
      case 2:
        this.#node(event.data.node, '');
        return;
      case 3:
        if (event.data.source === 0) {
          for (const { node } of event.data.adds) this.#node(node, '');
          for (const { id, value } of event.data.texts) if (value) this.#text(value, this.#inside.get(id) ?? 'a text');
          for (const { id, attributes } of event.data.attributes) this.#attributes(id, 'an element', attributes);
        } else if (event.data.source === 5) this.#values.set(event.data.id, event.data.text);
        return;
      case 4:
        this.page.add(event.data.href);
        return;
      case 5:
        if (event.data.tag === 'page') this.page.add(event.data.payload.href);
        else if (event.data.tag === 'picture') this.pictures += 1;
        else if (event.data.tag === 'font') this.fonts += 1;
        else if (event.data.tag === 'products')
          for (const { name, price } of event.data.payload.products)
            this.products.add(price === null ? name : `${name}, ${price}`);
        return;
      default:
        event satisfies never;
    }
  }

  leaves(node: number, type: string, value: string): FieldFinding['leaves'] {
    const sent = this.#values.get(node) ?? '';
    const all = [...this.texts.keys()];
    if (type === 'contenteditable') return all.some((text) => text.includes(value)) ? 'as it is' : 'dots';
    if (value !== '' && (sent.includes(value) || (value.length > 5 && all.some((text) => text.includes(value)))))
      return 'as it is';
    return sent === '' ? 'nothing' : sent === MASK ? 'dots' : 'as it is';
  }

  #node(node: TreeNode, around: string): void {
    if (node.type === 3 && around !== 'style') this.#text(node.textContent, around, node.id);
    if (node.type !== 0 && node.type !== 2) return;
    const name = node.type === 2 ? nameOf(node.tagName, node.attributes) : '';
    if (node.type === 2) this.#attributes(node.id, name, node.attributes);
    for (const child of node.childNodes)
      this.#node(child, node.type === 2 && node.tagName === 'style' ? 'style' : name);
  }

  #text(text: string, where: string, id?: number): void {
    const said = text.replaceAll(/\s+/g, ' ').trim();
    if (id !== undefined) this.#inside.set(id, `a text in ${where}`);
    if (said !== '' && !/^[•\s]*$/.test(said) && !this.texts.has(said)) this.texts.set(said, `a text in ${where}`);
  }

  #attributes(id: number, element: string, attributes: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(attributes)) {
      const key = name.toLowerCase();
      if (typeof value !== 'string' || value === '') continue;
      const link = /^(?:a|area)\b/.test(element);
      if (key === 'value') {
        this.#values.set(id, value);
        if (!this.#fields.has(id)) this.#text(value, element);
      } else if (READ.test(key)) this.#text(value, `${key} of ${element}`);
      else if (LINK.test(key) || (link && key.endsWith('href'))) this.links.add(value);
      else if (RESOURCE.test(key) || key.endsWith('href')) {
        if (!value.startsWith('data:')) this.resources.add(value);
      } else if (!LOOK.test(key)) this.attributes.set(`${name}="${value}"`, `${name} of ${element}`);
    }
  }
}

function nameOf(tag: string, attributes: Record<string, unknown>): string {
  const { id, class: classes } = attributes;
  if (typeof id === 'string' && id !== '') return `${tag}#${id}`;
  const [first] = typeof classes === 'string' ? classes.trim().split(/\s+/) : [];
  return first ? `${tag}.${first}` : tag;
}

function pathOf(address: string): string {
  const text = URL.canParse(address) ? address.slice(new URL(address).origin.length) : address;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function flag(text: string, machine: boolean, where: string): Finding[] {
  return secretsIn(text, machine).map((secret) => ({ ...secret, where }));
}

function unique(findings: Finding[]): Finding[] {
  return [
    ...new Map(findings.map((finding) => [`${finding.kind} ${finding.value} ${finding.where}`, finding])).values(),
  ];
}
