const $ = id => document.getElementById(id);
const text = (tag, content) => Object.assign(document.createElement(tag), { textContent: content });

$("q").oninput = () => {
  const wanted = $("q").value.trim().toLowerCase(), hits = $("hits"), seen = new Set();
  hits.hidden = !wanted;
  hits.replaceChildren();
  if (!wanted) return;
  for (const [href, title, content] of INDEX) {
    if (!(title + " " + content).toLowerCase().includes(wanted) || seen.has(href)) continue;
    seen.add(href);
    const place = content.toLowerCase().indexOf(wanted), item = document.createElement("li");
    item.append(Object.assign(text("a", title), { href }), text("div", content.slice(Math.max(0, place - 30), Math.max(0, place) + 60)));
    hits.append(item);
    if (seen.size > 12) break;
  }
  if (!seen.size) hits.append(text("li", SAY.nothing));
};

$("theme").onclick = () => {
  const root = document.documentElement, dark = matchMedia("(prefers-color-scheme:dark)").matches ? "dark" : "light";
  root.dataset.theme = (root.dataset.theme || dark) === "dark" ? "light" : "dark";
  try { localStorage.theme = root.dataset.theme } catch (error) { /* storage is closed to file:// in some browsers */ }
};

$("fold").onclick = ({ target }) => {
  const all = [...document.querySelectorAll("details.in")], open = all.some(one => !one.open);
  all.forEach(one => one.open = open);
  target.textContent = open ? target.dataset.hide : target.dataset.show;
};

document.addEventListener("click", event => {
  const copy = event.target.closest("[data-copy]"), link = event.target.closest(".account a[href^='#f-']");
  if (copy) navigator.clipboard?.writeText($(copy.dataset.copy).textContent);
  const finding = link && $(link.getAttribute("href").slice(1));
  if (!finding) return;
  event.preventDefault();
  const shown = finding.cloneNode(true);
  shown.removeAttribute("id");
  shown.open = true;
  $("panel-body").replaceChildren(shown);
  $("panel").showModal();
});
