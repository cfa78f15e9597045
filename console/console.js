/** Shows the sign-in, or who is signed in. */

/** @typedef {{ name: string, expiresAt: string }} Session */

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element ${id}.`);
  return found;
}

/** @returns {Promise<Session | undefined>} */
async function readSession() {
  const response = await fetch('/console/session');
  return response.ok ? response.json() : undefined;
}

async function show() {
  const session = await readSession();
  element('who').textContent = session ? `Signed in as ${session.name}` : 'You are not signed in.';
  element('sign-in').hidden = session !== undefined;
  element('sign-out').hidden = session === undefined;
}

element('sign-out').addEventListener('click', async () => {
  await fetch('/console/sign-out', { method: 'POST' });
  await show();
});

await show();
