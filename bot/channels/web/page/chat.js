// The chat page. What is written is kept in this browser until the shop has committed it, and is
// posted in order under a key of its own, so that it takes effect once however often it is sent.
"use strict";

const body = document.body;
const words = JSON.parse(body.dataset.words);
const textMax = Number(body.dataset.textMax);
const pictureMax = Number(body.dataset.pictureMax);
const find = (selector, root = document) => root.querySelector(selector);
const scroll = find(".scroll"), list = find(".lines"), older = find(".older");
const form = find("#say"), field = find("#text"), send = find(".send");
const chooser = find(".attach input");
const preview = find(".preview"), warning = find(".warning"), presence = find(".presence");
const language = document.documentElement.lang;
const store = `shanhuo:${location.pathname}`;
document.documentElement.classList.add("js");

// Elements are made with text nodes only: nothing that anybody wrote is ever read as markup.
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== "" && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== undefined && child !== ""));
  return made;
}

const some = (items, draw) => (items && items.length ? draw(items) : undefined);

function scriptOf(text) {
  if (/[\u0f00-\u0fff]/.test(text)) return "bo";
  if (/[\u3400-\u9fff]/.test(text)) return language.startsWith("zh") ? language : "zh";
  return undefined;
}

// ── Drawing lines, as render.py does ──

function drawLine(line) {
  const mine = Boolean(line.mine);
  const article = el("article", {
    class: `line ${mine ? "mine" : "theirs"} new`,
    "data-seq": line.seq,
    "data-at": line.at,
    "data-key": line.key,
  });
  article.append(
    el("h3", { class: "unseen" }, mine ? words.you : words.shop),
    el("div", { class: line.card ? "bubble carded" : "bubble", lang: line.lang || undefined },
      (line.pictures || []).map((hash) => drawPicture(`files/${hash}`)),
      line.text ? el("p", { class: "text" }, line.text) : "",
      (line.files || []).map(({ hash, name }) => el("p", { class: "file" },
        el("a", { href: `files/${hash}`, download: name }, name))),
      line.card ? drawCard(line.card, line.seq) : ""),
    some(line.choices, (choices) => el("div", { class: "choices", lang: line.lang },
      choices.map(({ value, label }) =>
        el("button", { type: "button", name: "press", value }, label)))) || "",
    el("p", { class: "meta" }, el("time"),
      mine ? el("span", { class: "tick", title: words.sent }, "✓") : ""),
  );
  showTime(article);
  return article;
}

function drawPicture(address) {
  return el("a", { class: "picture", href: address, target: "_blank", rel: "noopener" },
    el("img", { src: address, alt: words.picture, loading: "lazy" }));
}

function drawCard(card, seq) {
  const rows = card.heads ? card.table.slice(1) : card.table || [];
  const row = (tag) => (cells) =>
    el("tr", {}, cells.map((cell) => el(tag, tag === "th" ? { scope: "col" } : {}, cell)));
  const picture = card.picture && `files/${card.picture}`;
  return el("section", { class: `card ${card.kind}` },
    !picture ? "" : card.kind === "product"
      ? el("img", { class: "product-picture", src: picture, alt: "" }) : drawPicture(picture),
    el("div", { class: "inner" },
      card.title ? el("h4", {}, card.title) : "",
      some(card.table, () => el("table", {},
        card.heads ? el("thead", {}, row("th")(card.table[0])) : "",
        el("tbody", {}, rows.map(row("td"))))),
      some(card.stations, (stations) => el("ol", { class: "way", "aria-label": words.way },
        stations.map((name, place) => drawStation(name, place, card.reached || 0)))),
      card.qr ? drawCode(seq) : "",
      some(card.copyables, (items) =>
        el("dl", { class: "copyables" }, items.map(drawCopyable))),
      some(card.notes, (notes) => el("ul", {}, notes.map((note) => el("li", {}, note))))));
}

function drawStation(name, place, reached) {
  const current = place === reached - 1 ? "step" : undefined;
  const state = place < reached ? "done" : "ahead";
  return el("li", { class: state, "aria-current": current }, el("span", {}, name));
}

const drawCode = (seq) =>
  el("img", { class: "qr", src: `qr/${seq}.png`, alt: words.qr, width: 232, height: 232 });

function drawCopyable({ label, value }) {
  const button = el("button", { type: "button", class: "copy", "data-copy": value,
    "aria-label": `${words.copy} ${label}` }, words.copy);
  return el("div", {}, el("dt", {}, label), el("dd", {}, el("output", {}, value), button));
}

const locale = Intl.DateTimeFormat.supportedLocalesOf([language])[0];
const clock = new Intl.DateTimeFormat(locale || "en-GB",
  { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayName = new Intl.DateTimeFormat(locale || "sv",
  locale ? { month: "long", day: "numeric" } : {});
const dayOf = (at) => new Date(at).toDateString();

function showTime(article) {
  const at = new Date(Number(article.dataset.at));
  const time = find("time", article);
  time.dateTime = at.toISOString();
  time.textContent = clock.format(at);
}

// A divider before the first line of each day, made anew after every change: cheap, and right.
function showDays() {
  list.querySelectorAll(".day").forEach((day) => day.remove());
  const near = {
    [dayOf(Date.now() - 864e5)]: words.yesterday,
    [dayOf(Date.now())]: words.today,
  };
  let before = "";
  for (const article of list.querySelectorAll(".line")) {
    const at = Number(article.dataset.at), day = dayOf(at);
    if (day !== before) {
      const name = near[day] || dayName.format(at);
      if (before || name !== words.today) article.before(el("p", { class: "day" }, name));
    }
    before = day;
  }
}

// The newest choices are the live ones as long as nothing of one's own follows them.
function showLive() {
  const lines = [...list.querySelectorAll(".line")].reverse();
  const newest = lines.find((line) => find(".choices", line) || line.matches(".mine"));
  const live = newest?.matches(".mine") ? undefined : newest;
  for (const line of lines) line.classList.toggle("live", line === live);
}

const atEnd = () => Math.abs(scroll.scrollTop) < 80;
const toEnd = () => { scroll.scrollTop = 0; }; // The column is reversed: 0 is its end.

function arrived() {
  list.querySelectorAll(".welcome, .desk").forEach((hint) => hint.remove());
  showDays();
  showLive();
}

// A committed line goes after the committed ones and before what is still waiting.
function place(line) {
  if (list.querySelector(`[data-seq="${line.seq}"]`)) return;
  const end = atEnd();
  const own = line.key && lineOf(line.key);
  const article = drawLine(line);
  if (own) { article.classList.remove("new"); own.remove(); }
  const waiting = find(".line:not([data-seq])", list);
  if (waiting) waiting.before(article); else list.append(article);
  if (line.key) drop(line.key);
  arrived();
  if (end) toEnd();
}

// ── What is waiting to be sent ──

const pictures = new Map(); // key → Blob; kept in memory only, so a reload asks for it again

function waiting() {
  try { return JSON.parse(localStorage.getItem(store)) || []; } catch { return memory; }
}
let memory = []; // where a browser keeps nothing for us
function keep(items) {
  memory = items;
  try { localStorage.setItem(store, JSON.stringify(items)); } catch { /* private mode or full */ }
}
const drop = (key) => keep(waiting().filter((item) => item.key !== key));
const change = (key, values) =>
  keep(waiting().map((item) => (item.key === key ? { ...item, ...values } : item)));

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is for HTTPS only
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

function say(item, blob) {
  const whole = { key: newKey(), at: Date.now(), ...item };
  if (blob) { pictures.set(whole.key, blob); whole.picture = true; }
  keep([...waiting(), whole]);
  showWaiting(whole);
  arrived();
  toEnd();
  pump(true);
}

function showWaiting(item) {
  const text = item.press === undefined ? item.text : item.label;
  const lang = scriptOf(text || "");
  const article = drawLine({ mine: true, at: item.at, key: item.key, text, lang });
  const blob = pictures.get(item.key);
  if (blob) find(".bubble", article).prepend(drawPicture(URL.createObjectURL(blob)));
  else if (item.picture) find(".bubble", article).prepend(el("p", {}, `🖼 ${words.picture}`));
  list.append(article);
  mark(item);
}

const lineOf = (key) =>
  [...list.querySelectorAll(".mine:not([data-seq])")].find((line) => line.dataset.key === key);

function mark(item, sent = false) {
  const line = lineOf(item.key);
  if (!line) return;
  line.classList.toggle("pending", !sent && !item.failed);
  line.classList.toggle("failed", Boolean(item.failed));
  const tick = find(".tick", line);
  tick.textContent = sent ? "✓" : item.failed ? item.failed : "🕓";
  tick.title = sent ? words.sent : item.failed ? words.failed : words.sending;
  line.querySelectorAll(".meta button").forEach((button) => button.remove());
  if (item.failed) {
    find(".meta", line).append(
      el("button", { type: "button", "data-act": "again" }, words["try-again"]),
      el("button", { type: "button", "data-act": "edit" }, words.edit));
  }
}

let posting = false, timer = 0, pauseMs = 0;

async function pump(now = false) {
  if (now) pauseMs = 0;
  clearTimeout(timer);
  if (posting) return;
  posting = true;
  try {
    for (;;) {
      const item = waiting().find((one) => !one.failed);
      if (!item) { pauseMs = 0; return; }
      const waitMs = await post(item);
      if (waitMs) { timer = setTimeout(pump, waitMs); return; }
    }
  } finally { posting = false; }
}

const backOff = (leastMs = 0) => {
  pauseMs = Math.min(30000, pauseMs ? pauseMs * 2 : 1000);
  return Math.max(leastMs, pauseMs * (0.75 + Math.random() / 2));
};

// Posts one message: 0 when it is settled (taken, or refused for good), else how long to wait.
async function post(item) {
  if (item.picture && !pictures.has(item.key)) {
    settle(item, { failed: words["picture-lost"] });
    return 0;
  }
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), item.picture ? 90000 : 20000);
  try {
    const request = { method: "POST", signal: stop.signal, ...parcel(item) };
    const answer = await fetch("messages", request);
    if (answer.ok) { online(true); settle(item, null); return 0; }
    const why = await answer.json().catch(() => ({}));
    if (answer.status === 403) { ended(); return backOff(15000); }
    if (answer.status === 429 || answer.status === 408 || answer.status >= 500) {
      return backOff(1000 * Number(answer.headers.get("retry-after") || 0));
    }
    settle(item, { failed: why.text || words.failed });
    return 0;
  } catch {
    online(false);
    return backOff();
  } finally { clearTimeout(late); }
}

function parcel(item) {
  if (!item.picture) {
    const { key, text, press, label } = item; // What is undefined is left out of the JSON.
    const headers = { "content-type": "application/json" };
    return { headers, body: JSON.stringify({ key, text, press, label }) };
  }
  const data = new FormData();
  data.append("token", body.dataset.token);
  data.append("key", item.key);
  data.append("text", item.text || "");
  data.append("picture", pictures.get(item.key), "picture");
  return { body: data };
}

function settle(item, failed) {
  pauseMs = 0;
  if (failed) { change(item.key, failed); mark({ ...item, ...failed }); return; }
  drop(item.key);
  pictures.delete(item.key);
  mark(item, true);
}

list.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.copy !== undefined) { copy(button); return; }
  if (button.dataset.act) { retry(button); return; }
  if (button.name !== "press" && button.name !== "text") return;
  event.preventDefault();
  if (button.name === "text") say({ text: button.value });
  else say({ press: button.value, label: button.textContent });
  // With a keyboard on the screen, focus would cover the answer that is about to come.
  if (matchMedia("(hover: hover)").matches) field.focus({ preventScroll: true });
});

function retry(button) {
  const key = button.closest(".line").dataset.key;
  const item = waiting().find((one) => one.key === key);
  if (!item) return;
  if (button.dataset.act === "again") {
    change(key, { failed: undefined });
    mark({ ...item, failed: undefined });
    pump(true);
    return;
  }
  drop(key);
  lineOf(key)?.remove();
  showLive();
  const blob = pictures.get(key);
  if (blob) choose(blob);
  field.value = [item.text || item.label || "", field.value].filter(Boolean).join("\n");
  typed();
  field.focus();
}

async function copy(button) {
  const value = button.dataset.copy;
  try { await navigator.clipboard.writeText(value); } catch {
    const range = document.createRange();
    range.selectNodeContents(find("output", button.parentElement));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    document.execCommand("copy");
  }
  button.textContent = words.copied;
  setTimeout(() => { button.textContent = words.copy; }, 2000);
}

// ── The field ──

let chosen = null;

function warn(text) { warning.textContent = text; warning.hidden = !text; }

function typed() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
  const tooLong = [...field.value].length > textMax;
  warn(tooLong ? `${words["too-long"]} (${[...field.value].length} / ${textMax})` : "");
  send.disabled = tooLong || !(field.value.trim() || chosen);
  try { localStorage.setItem(`${store}draft`, field.value); } catch { /* not kept, then */ }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (send.disabled) return;
  say({ text: field.value.trim() }, chosen);
  field.value = "";
  choose(null);
  typed();
  field.focus();
});
field.addEventListener("input", typed);
field.addEventListener("keydown", (event) => {
  // Enter while a word is being composed (pinyin, Wylie) picks the word; 229 is how Safari tells.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  form.requestSubmit();
});
field.addEventListener("paste", (event) => {
  const file = [...(event.clipboardData?.files || [])].find((one) => one.type.startsWith("image/"));
  if (file) { event.preventDefault(); take(file); }
});
chooser.addEventListener("change", () => {
  if (chooser.files[0]) take(chooser.files[0]);
  chooser.value = "";
});
find("button", preview).addEventListener("click", () => { choose(null); typed(); field.focus(); });

function choose(blob) {
  if (find("img", preview).src) URL.revokeObjectURL(find("img", preview).src);
  chosen = blob;
  preview.hidden = !blob;
  if (!blob) { find("img", preview).removeAttribute("src"); return; }
  find("img", preview).src = URL.createObjectURL(blob);
  const size = Math.max(1, Math.round(blob.size / 1024));
  find("span", preview).textContent = `${words.picture} · ${size} kB`;
}

async function take(file) {
  let blob = file;
  try { blob = await smaller(file); } catch { /* sent as it is, if it is small enough */ }
  const kinds = /^image\/(jpeg|png|webp|gif)$/;
  if (!kinds.test(blob.type)) { warn(words["not-a-picture"]); return; }
  if (blob.size > pictureMax) { warn(words["picture-too-big"]); return; }
  choose(blob);
  typed();
  field.focus();
}

// A photograph is turned upright and made small for the line that a phone in the mountains has.
// A screenshot stays as it is: its small print must stay sharp.
async function smaller(file) {
  const photo = file.type !== "image/gif" && (file.type === "image/jpeg" || file.size > 1.5e6);
  if (!photo) return file;
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, 2400 / Math.max(image.width, image.height));
  const [width, height] = [image.width, image.height].map((side) => Math.round(side * scale));
  const canvas = el("canvas", { width, height });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(image, 0, 0, width, height);
  return await new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail()), "image/jpeg", 0.86);
  });
}

// ── The line to the shop ──

let source = null, seen = Number(body.dataset.last), restart = 0, over = false;

function online(is) {
  if (over) return;
  body.classList.toggle("away", !is);
  const text = is ? words.connected : navigator.onLine === false ? words.offline : words.connecting;
  if (presence.textContent !== text) presence.textContent = text;
}

function listen() {
  clearTimeout(restart);
  source?.close();
  source = new EventSource(`events?after=${seen}`);
  source.onopen = () => { over = false; online(true); pump(true); };
  source.onmessage = (event) => {
    const line = JSON.parse(event.data);
    seen = Math.max(seen, line.seq);
    place(line);
  };
  source.addEventListener("reset", () => location.reload());
  source.onerror = () => {
    online(false);
    // The browser tries again by itself unless it was refused; then it is for us to ask why.
    if (source.readyState === EventSource.CLOSED) { restart = setTimeout(listen, 5000); check(); }
  };
}

async function check() {
  try { if ((await fetch("lines?before=1")).status === 403) ended(); } catch { /* still away */ }
}

function ended() {
  over = true;
  body.classList.add("away");
  presence.textContent = words.ended;
}

function wake() {
  if (document.visibilityState === "hidden") return;
  if (!source || source.readyState === EventSource.CLOSED) listen();
  else if (source.readyState === EventSource.OPEN) online(navigator.onLine !== false);
  pump(true);
}
addEventListener("online", wake);
addEventListener("offline", () => online(false));
addEventListener("focus", wake);
addEventListener("pageshow", wake);
document.addEventListener("visibilitychange", wake);

// ── Earlier lines ──

let first = Number(body.dataset.first), loading = false;

async function loadOlder() {
  if (loading || first <= 1) return;
  loading = true;
  try {
    const answer = await fetch(`lines?before=${first}`);
    if (!answer.ok) return;
    const lines = await answer.json();
    const drawn = lines.map(drawLine);
    drawn.forEach((article) => article.classList.remove("new"));
    const next = find(".line", list), fromEnd = scroll.scrollTop;
    if (next) next.before(...drawn); else list.append(...drawn);
    first = lines.length ? lines[0].seq : 1;
    older.hidden = first <= 1;
    arrived();
    scroll.scrollTop = fromEnd; // Counted from the end, so what is being read stays in place.
  } catch { /* the button is still there */ } finally { loading = false; }
}
older.addEventListener("click", loadOlder);
scroll.addEventListener("scroll", () => {
  if (scroll.scrollHeight - scroll.clientHeight - Math.abs(scroll.scrollTop) < 120) loadOlder();
}, { passive: true });

// The keyboard of an iPhone lies over the page instead of making it smaller.
const fit = () =>
  document.documentElement.style.setProperty("--height", `${visualViewport.height}px`);
if (window.visualViewport) visualViewport.addEventListener("resize", fit);

// ── Begin ──

list.querySelectorAll(".line").forEach(showTime);
const shown = new Set([...list.querySelectorAll("[data-key]")].map((line) => line.dataset.key));
for (const item of waiting()) {
  if (shown.has(item.key)) drop(item.key); else showWaiting(item);
}
if (list.querySelector(".line")) arrived();
try { field.value = localStorage.getItem(`${store}draft`) || ""; } catch { /* none, then */ }
typed();
online(navigator.onLine !== false);
listen();
if (matchMedia("(hover: hover)").matches) field.focus();
