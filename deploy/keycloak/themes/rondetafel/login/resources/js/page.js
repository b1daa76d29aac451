// What a sign-in page does by itself. It works without: then a password stays hidden, a form waits for its button.
import { checkAuthSession, startSessionPolling } from "./authChecker.js";

const { attempt, signedInElsewhere } = document.body.dataset;
if (signedInElsewhere) startSessionPolling(signedInElsewhere);
if (attempt) checkAuthSession(attempt);

// A page that answers a form gets an address under which it can be loaded again: that of its own form without the code.
const next = document.querySelector('form[action*="session_code="]');
if (next && new URLSearchParams(location.search).has("session_code")) {
  const address = new URL(next.action);
  address.searchParams.delete("session_code");
  history.replaceState({}, "", address);
}

for (const button of document.querySelectorAll("[data-shows]")) {
  const input = document.getElementById(button.dataset.shows);
  button.hidden = false;
  button.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.textContent = hidden ? button.dataset.hide : button.dataset.show;
  });
}

document.querySelector("form[data-goes-on]")?.requestSubmit();
