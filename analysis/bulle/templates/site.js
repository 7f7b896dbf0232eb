const $ = id => document.getElementById(id);
const { index, say } = JSON.parse($("told").textContent);
const text = (tag, content) => Object.assign(document.createElement(tag), { textContent: content });
const plain = words => words.normalize("NFD").replace(/\p{M}/gu, "").replace(/’/g, "'").toLowerCase();

if ($("q")) $("q").oninput = () => {
  const wanted = plain($("q").value.trim()), hits = $("hits"), seen = new Set();
  hits.hidden = !wanted;
  hits.replaceChildren();
  if (!wanted) return;
  for (const [href, title, content] of index) {
    if (seen.has(href) || !plain(title + " " + content).includes(wanted)) continue;
    seen.add(href);
    const place = Math.max(0, plain(content).indexOf(wanted)), item = document.createElement("li");
    item.append(Object.assign(text("a", title), { href }), text("div", content.slice(Math.max(0, place - 30), place + 60)));
    hits.append(item);
    if (seen.size > 12) break;
  }
  if (!seen.size) hits.append(text("li", say.nothing));
};

if ($("fold")) $("fold").onclick = ({ target }) => {
  const all = [...document.querySelectorAll("details.in")], open = all.some(one => !one.open);
  all.forEach(one => one.open = open);
  target.textContent = open ? target.dataset.hide : target.dataset.show;
};

// A link of the account opens its finding beside it; without this script it leads to the finding further down.
document.addEventListener("click", event => {
  const copy = event.target.closest("[data-copy]"), link = event.target.closest(".account a[href^='#f-']");
  if (copy) {
    const command = $(copy.dataset.copy);
    getSelection().selectAllChildren(command);  // what a browser that keeps the clipboard from file:// leaves to Ctrl-C
    navigator.clipboard?.writeText(command.textContent).then(() => copy.textContent = say.copied, () => {});
  }
  const finding = link && $(decodeURIComponent(link.hash.slice(1)));
  if (event.target === $("panel") && $("panel")) $("panel").close();
  if (!finding) return;
  event.preventDefault();
  const shown = finding.cloneNode(true);
  shown.removeAttribute("id");
  shown.open = true;
  $("panel-ledger").href = "ledger.html" + link.hash;
  $("panel-body").replaceChildren(shown);
  $("panel").showModal();
});

const unfold = () => { const place = $(decodeURIComponent(location.hash.slice(1))); if (place?.tagName === "DETAILS") place.open = true };
addEventListener("hashchange", unfold);
unfold();
