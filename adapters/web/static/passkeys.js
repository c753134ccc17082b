// Asks the browser for a passkey, and sends what it answers. Without this file people sign in with password and code.
const TOO_OFTEN = "There were too many tries; wait 15 minutes, then try again.";
const AGAIN = "This page is too old; reload it, then try again.";
const UNUSED = "The passkey was not used. Try again, or choose another way.";
const KNOWN = "This device already has a passkey for your account.";

const possible = Boolean(window.PublicKeyCredential && navigator.credentials);

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

function asked(kind, options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (kind === "get") return { publicKey: { ...publicKey, allowCredentials: named(options.allowCredentials) } };
  const user = { ...options.user, id: bytes(options.user.id) };
  return { publicKey: { ...publicKey, user, excludeCredentials: named(options.excludeCredentials) } };
}

function answered(credential) {
  const given = credential.response;
  const response = { clientDataJSON: text(given.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (given[part]) response[part] = text(given[part]);
  }
  if (given.getTransports) response.transports = given.getTransports();
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
}

async function send(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.status === 429) throw new Error(TOO_OFTEN);
  if (answer.status === 401) {
    // Signed in too long ago to change how one signs in.
    location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
    return new Promise(() => {});
  }
  const found = answer.headers.get("content-type")?.startsWith("application/json") ? await answer.json() : {};
  if (!answer.ok || answer.redirected) throw new Error(found.sentence ?? AGAIN);
  return found;
}

async function use(box) {
  const { passkey: kind, url, csrf, next, nameField } = box.dataset;
  const options = await send(`${url}/options`, { csrf });
  let credential;
  try {
    credential = await navigator.credentials[kind](asked(kind, options));
  } catch (fault) {
    throw new Error(fault.name === "InvalidStateError" ? KNOWN : UNUSED, { cause: fault });
  }
  const name = nameField ? document.getElementById(nameField).value : "";
  const { to } = await send(url, { csrf, next, name, credential: answered(credential) });
  location.assign(to);
}

for (const box of document.querySelectorAll("[data-passkey]")) {
  if (!possible) break;
  const button = box.querySelector("button");
  const said = box.querySelector("[data-passkey-said]");
  box.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = "";
    try {
      await use(box);
    } catch (fault) {
      said.textContent = fault instanceof TypeError ? "The connection was lost; try again." : fault.message;
      button.disabled = false;
      button.focus();
    }
  });
}
if (possible) for (const part of document.querySelectorAll("[data-needs-passkeys]")) part.hidden = false;
const offered = possible && document.querySelector("[data-passkey]");
for (const part of document.querySelectorAll("[data-without-passkeys]")) part.hidden = Boolean(offered);
