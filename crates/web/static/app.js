// Progressive enhancement. Every page works without this file; nothing here is the only way to do a thing.
"use strict";

// Ways back: where the reader came from, when that was here.
for (const link of document.querySelectorAll("[data-back]")) {
  link.addEventListener("click", (event) => {
    if (document.referrer.startsWith(location.origin + "/") && history.length > 1) {
      event.preventDefault();
      history.back();
    }
  });
}

// Sharing: the device's own sheet, else the link is copied and the button says so.
for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share && !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) {
        await navigator.share({ title: document.title, url: location.href });
      } else {
        await navigator.clipboard.writeText(location.href);
        button.querySelector(".sr").textContent = button.dataset.copied;
        announce(button.dataset.copied);
      }
    } catch { /* the reader closed the sheet */ }
  });
}

// Copying a secret that is shown once.
for (const secret of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = secret.dataset.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(secret.textContent);
    button.textContent = secret.dataset.copied;
  });
  secret.after(button);
}

// Filters on a wide screen take effect at once; on a phone the sheet has its button.
for (const form of document.querySelectorAll("[data-submit-on-change]")) {
  form.addEventListener("change", (event) => {
    const typed = event.target.matches("input:not([type=checkbox]):not([type=radio])");
    if (!typed && matchMedia("(min-width: 1000px)").matches) form.requestSubmit();
  });
  // An address without the fields that were left empty reads better.
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
  });
}
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("[data-submit-on-change] :disabled")) field.disabled = false;
});

// A menu closes when the reader looks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The summary of what is wrong with a form is read first.
document.getElementById("errors")?.focus();

// Says something to those who do not see it.
function announce(words) {
  let region = document.getElementById("announcer");
  if (!region) {
    region = document.createElement("p");
    region.id = "announcer";
    region.className = "sr";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = words;
}

// Suggestions while typing: a combobox (WAI-ARIA), fed by the API, quiet while an input method composes.
for (const input of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = input.id + "-suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  list.hidden = true;
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  let timer = 0;
  let asked = 0;
  let at = -1;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (words) => {
    input.value = words;
    close();
    input.form.requestSubmit();
  };
  const light = (next) => {
    const items = [...list.children];
    if (!items.length) return;
    at = (next + items.length) % items.length;
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
    input.setAttribute("aria-activedescendant", items[at].id);
  };
  const show = (items) => {
    list.replaceChildren(...items.slice(0, 8).map((words, index) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = words;
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(words); });
      return item;
    }));
    at = -1;
    list.hidden = items.length === 0;
    input.setAttribute("aria-expanded", String(items.length > 0));
  };
  const ask = async () => {
    const words = input.value.trim();
    if (!words) return close();
    const mine = ++asked;
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(words)}`);
      if (!answer.ok || mine !== asked || document.activeElement !== input) return;
      const body = await answer.json();
      const items = Array.isArray(body) ? body : body.items ?? body.suggestions ?? [];
      show(items.map((item) => (typeof item === "string" ? item : item.text)).filter(Boolean));
    } catch { close(); }
  };
  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, 60); });
  input.addEventListener("blur", () => setTimeout(close, 100));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); light(at + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); light(at < 0 ? -1 : at - 1); }
    else if (event.key === "Escape") { event.preventDefault(); close(); }
    else if (event.key === "Enter" && at >= 0) { event.preventDefault(); choose(list.children[at].textContent); }
  });
}

// Photos: previews before they are sent, and their order. New files keep their order through a DataTransfer.
for (const grid of document.querySelectorAll("[data-photos]")) {
  const input = grid.querySelector("input[type=file]");
  const status = grid.parentElement.querySelector("[data-photos-status]");
  const most = Number(grid.dataset.max);
  const files = new Map();
  const tiles = () => [...grid.querySelectorAll(".photo")];

  const tool = (label, sign, step, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.dataset.step = step;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    return button;
  };
  const settle = () => {
    const all = tiles();
    const chosen = new DataTransfer();
    all.forEach((tile, index) => {
      if (files.has(tile)) chosen.items.add(files.get(tile));
      // Saved photos stand before new ones: the form sends the order of each kind.
      const movable = (other) => other !== undefined && files.has(other) === files.has(tile);
      tile.querySelector("[data-step='-1']").disabled = !movable(all[index - 1]);
      tile.querySelector("[data-step='1']").disabled = !movable(all[index + 1]);
      tile.querySelector(".cover")?.remove();
      if (index > 0) return;
      const cover = document.createElement("span");
      cover.className = "cover";
      cover.textContent = grid.dataset.cover;
      tile.append(cover);
    });
    input.files = chosen.files;
    status.textContent = `${all.length} / ${most}`;
  };
  const move = (tile, step) => {
    const all = tiles();
    const other = all[all.indexOf(tile) + step];
    if (other === undefined) return;
    if (step < 0) other.before(tile); else other.after(tile);
    settle();
    const button = tile.querySelector(`[data-step='${step}']`);
    (button.disabled ? tile.querySelector(`[data-step='${-step}']`) : button).focus();
  };
  const equip = (tile) => {
    const tools = document.createElement("div");
    tools.className = "photo-tools";
    tools.append(tool(grid.dataset.earlier, "‹", -1, () => move(tile, -1)));
    if (files.has(tile)) {
      tools.append(tool(grid.dataset.remove, "×", 0, () => {
        files.delete(tile);
        tile.remove();
        settle();
        input.focus();
      }));
    }
    tools.append(tool(grid.dataset.later, "›", 1, () => move(tile, 1)));
    tile.append(tools);
  };

  // The whole field takes a click or a drop; the previews say what was chosen.
  input.parentElement.classList.add("easy");
  tiles().forEach(equip);
  if (tiles().length) settle();
  input.addEventListener("change", () => {
    const room = Math.max(0, most - tiles().length);
    for (const file of [...input.files].slice(0, room)) {
      const tile = document.createElement("li");
      tile.className = "photo";
      const image = document.createElement("img");
      image.alt = file.name;
      image.src = URL.createObjectURL(file);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
      tile.append(image);
      files.set(tile, file);
      equip(tile);
      grid.querySelector(".add").before(tile);
    }
    settle();
  });
}

// notices: the badge, live while the page is looked at. Without this it is right at each page.
{
  const bell = document.querySelector("[data-live]");
  const badges = [...document.querySelectorAll("[data-notices]")];
  let source = null;
  const show = (unread) => {
    for (const badge of badges) {
      badge.hidden = unread === 0;
      badge.querySelector("[data-count]").textContent = unread > 99 ? "99+" : String(unread);
    }
  };
  const follow = () => {
    if (!bell || !window.EventSource || document.hidden || source) return;
    source = new EventSource(bell.dataset.live);
    source.addEventListener("unread", (event) => {
      try { show(JSON.parse(event.data).unread); } catch { /* the next one is right */ }
    });
  };
  const rest = () => { source?.close(); source = null; };
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : follow()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", follow);
}

// trade: live. The stream names what has just changed; a page that shows it is asked for again, and its parts replaced.
// The bell in the header has a stream of its own, which speaks of nothing in particular.
for (const live of document.querySelectorAll("[data-live][data-about]")) {
  if (!live.dataset.live || !window.EventSource) continue;
  let timer = 0;
  // What somebody is writing in is not taken from under their hands.
  const busy = (part) => part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
  const touched = (part) => [...part.querySelectorAll("input:not([type=hidden]), textarea")].some((field) =>
    field.type === "radio" || field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
  const reload = async () => {
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const near = innerHeight + scrollY > document.body.scrollHeight - 240;
      for (const part of document.querySelectorAll("[data-part]")) {
        const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
        if (!next) part.remove();
        else if (part.innerHTML !== next.innerHTML && !busy(part) && !touched(part)) part.replaceWith(next);
      }
      const action = fresh.querySelector('[data-part="action"]');
      if (action && !document.querySelector('[data-part="action"]')) document.querySelector("main").append(action);
      if (near) document.getElementById("end")?.scrollIntoView({ block: "center" });
    } catch { /* the next event tries again */ }
  };
  const source = new EventSource(live.dataset.live);
  source.addEventListener("message", (event) => {
    const about = event.data.split(" ");
    if (about[0] !== "reload" && live.dataset.about !== "any" && !about.includes(live.dataset.about)) return;
    clearTimeout(timer);
    timer = setTimeout(reload, 120);
  });
  addEventListener("pagehide", () => source.close());
}

// trade: a payment whose outcome is open is looked at again by itself.
for (const open of document.querySelectorAll("[data-reload]")) {
  const seconds = Number(open.dataset.reload);
  if (seconds) setTimeout(() => location.reload(), seconds * 1000);
}

// trade: entering a card into the provider's own fields.
for (const form of document.querySelectorAll("[data-payment]")) {
  const begin = () => {
    const fault = form.querySelector("#payment-fault");
    const button = form.querySelector("button[type=submit]");
    const tell = (words) => { fault.textContent = words || form.dataset.failed; fault.hidden = false; };
    if (typeof Stripe === "undefined") return tell("");
    const stripe = Stripe(form.dataset.key);
    const secret = form.dataset.secret;
    // One set of fields for all ways to pay, where the script has it; the card alone otherwise.
    const whole = typeof stripe.confirmPayment === "function";
    const locale = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
    const elements = whole ? stripe.elements({ clientSecret: secret, locale }) : stripe.elements();
    const element = elements.create(whole ? "payment" : "card");
    element.mount(form.querySelector("#payment-fields"));
    button.disabled = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      fault.hidden = true;
      try {
        const answer = whole
          ? await stripe.confirmPayment({ elements, confirmParams: { return_url: form.dataset.return }, redirect: "if_required" })
          : await stripe.confirmCardPayment(secret, { payment_method: { card: element } });
        // The server asks the provider itself: what this browser says proves nothing.
        if (!answer.error) return form.submit();
        tell(answer.error.message);
      } catch { tell(""); }
      button.disabled = false;
    });
  };
  if (document.readyState === "complete") begin(); else addEventListener("load", begin);
}
