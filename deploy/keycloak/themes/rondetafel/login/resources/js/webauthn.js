// Asks the browser for the answer of a security key and sends it with the page's form.
const form = document.getElementById("webauthn");
const asked = form.dataset;

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
// What the realm leaves open is left to the browser.
const said = (value) => (value === "not specified" || value === "" ? undefined : value);
const credentials = () =>
  (asked.credentials ?? "").split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: bytes(id) }));
const timeout = Number(asked.timeout) * 1000 || undefined;

function get() {
  return navigator.credentials.get({
    publicKey: {
      rpId: asked.rpId,
      challenge: bytes(asked.challenge),
      allowCredentials: credentials(),
      userVerification: said(asked.userVerification),
      timeout,
    },
  });
}

function create() {
  return navigator.credentials.create({
    publicKey: {
      challenge: bytes(asked.challenge),
      rp: { id: asked.rpId, name: asked.rpName },
      user: { id: bytes(asked.userId), name: asked.userName, displayName: asked.userName },
      pubKeyCredParams: asked.algorithms.split(" ").map((alg) => ({ type: "public-key", alg: Number(alg) })),
      attestation: said(asked.attestation),
      excludeCredentials: credentials(),
      authenticatorSelection: {
        authenticatorAttachment: said(asked.attachment),
        residentKey: said(asked.residentKey),
        userVerification: said(asked.userVerification),
      },
      timeout,
    },
  });
}

function fill(values) {
  for (const [name, value] of Object.entries(values)) {
    if (form.elements[name] && value != null) form.elements[name].value = value;
  }
}

function answer(given) {
  const { clientDataJSON, authenticatorData, signature, userHandle, attestationObject } = given.response;
  const buffers = { clientDataJSON, authenticatorData, signature, userHandle, attestationObject };
  for (const [name, buffer] of Object.entries(buffers)) if (buffer) fill({ [name]: text(buffer) });
  fill({
    credentialId: text(given.rawId),
    publicKeyCredentialId: text(given.rawId),
    authenticatorAttachment: given.authenticatorAttachment,
    transports: given.response.getTransports?.().join(),
  });
}

async function start(event) {
  event.preventDefault();
  event.target.disabled = true;
  try {
    if (!window.PublicKeyCredential) throw new Error(asked.unsupported);
    answer(await (asked.does === "create" ? create() : get()));
  } catch (error) {
    fill({ error: String(error) });
  }
  form.submit();
}

document.getElementById("webauthn-start").addEventListener("click", start);
