/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Makes an element. Text stays text, because nothing here parses HTML: what partners and shops write cannot become markup.
 * @param {string} tag
 * @param {Record<string, string | number | boolean | undefined>} attributes `true` sets an attribute without a value
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * @param {string} tag
 * @param {Record<string, string | number | boolean | undefined>} attributes
 * @param {...(Child | Child[])} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Record<string, string | number | boolean | undefined>} attributes
 * @param {(Child | Child[])[]} children
 * @returns {E}
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(typeof child === 'number' ? String(child) : child);
  }
  return element;
}

/**
 * A table that a narrow screen scrolls sideways by itself.
 * @param {string} caption
 * @param {string[]} titles
 * @param {(Child | Child[])[][]} rows
 */
export function table(caption, titles, rows) {
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', {}, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          titles.map((title) => h('th', { scope: 'col' }, title)),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((cells) =>
          h(
            'tr',
            {},
            cells.map((cell) => h('td', {}, ...[cell].flat())),
          ),
        ),
      ),
    ),
  );
}

/**
 * Names and values; a row without a value is left out.
 * @param {[name: string, value: Child | Child[]][]} rows
 */
export function facts(rows) {
  const given = rows.filter(
    ([, value]) => value !== undefined && value !== null && value !== '' && value !== false,
  );
  return h(
    'dl',
    {},
    given.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, ...[value].flat())]),
  );
}
