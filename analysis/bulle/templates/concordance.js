// Concordance: rows in order of text, date, left or right neighbour; filtered; what is chosen stands in the address.
for (const table of document.querySelectorAll("table.kwic")) {
  const body = table.tBodies[0], rows = [...body.rows], count = document.getElementById("count"), language = document.documentElement.lang;
  const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/’/g, "'").toLowerCase();
  const words = text => plain(text).match(/[\p{L}\p{N}]+/gu) || [];
  const cell = (row, number) => row.cells[number].textContent, day = row => row.querySelector("time")?.dateTime || "";
  const keys = {
    left: row => words(cell(row, 0)).reverse().join(" "),
    right: row => words(cell(row, 2)).join(" "),
    date: row => day(row) || "9",  // what has none stands last
  };
  const filters = {
    source: (row, wanted) => row.cells[3].firstChild.textContent === wanted,
    period: (row, wanted) => day(row).startsWith(wanted),
    voice: (row, wanted) => row.dataset.v === wanted,
    word: (row, wanted) => plain(row.textContent).includes(plain(wanted.trim())),
  };
  const chosen = Object.fromEntries([...document.querySelectorAll("[data-filter]")].map(one => [one.dataset.filter, one]));
  const { compare } = new Intl.Collator(language);
  let order = "";
  const show = () => {
    const asked = Object.entries(filters).filter(([name]) => chosen[name]?.value);
    for (const row of rows) row.hidden = !asked.every(([name, holds]) => holds(row, chosen[name].value));
    count.textContent = rows.filter(row => !row.hidden).length.toLocaleString(language);
    if (order === chosen.order.value) return;
    order = chosen.order.value;
    const keyed = order ? rows.map(row => [keys[order](row), row]).sort((a, b) => compare(a[0], b[0])).map(pair => pair[1]) : rows;
    body.replaceChildren();  // rows that are taken away one by one cost seconds
    body.append(...keyed);
  };
  const read = () => {
    const told = new URLSearchParams(location.hash.slice(1));
    for (const [name, control] of Object.entries(chosen)) {
      control.value = told.get(name) || "";
      if (control.selectedIndex < 0) control.value = "";
    }
    show();
  };
  const changed = () => {
    const told = Object.entries(chosen).map(([name, control]) => [name, control.value]).filter(pair => pair[1]);
    history.replaceState(null, "", told.length ? "#" + new URLSearchParams(told) : location.pathname + location.search);
    show();
  };
  for (const control of Object.values(chosen)) control.oninput = changed;
  addEventListener("hashchange", read);
  document.querySelector(".filters").hidden = false;
  read();
}
